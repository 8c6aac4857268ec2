// What each person has read in each chat, remembered for the tab.

const key = (user, chat) => `read/${user}/${chat}`;

/** All of the chat is read. */
export function markRead(user, chat, messages) {
  if (messages.length > 0) sessionStorage.setItem(key(user, chat), messages.at(-1).message_id);
}

/** How many messages of others the person hasn't read. */
export function unread(user, chat, messages) {
  const read = Number(sessionStorage.getItem(key(user, chat)));
  return messages.filter(({ from, message_id: id }) => from.id !== user && id > read).length;
}
