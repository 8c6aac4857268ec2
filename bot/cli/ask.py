"""`doslovno ask`: one answer in the terminal."""

import argparse

from bot import clock, render, terminal
from bot.cli import opening
from bot.message import Reply
from bot.outcome import QUOTES
from bot.searcher import look_up
from bot.settings import Settings
from retrieval.generation import Generation


def main(settings: Settings, options: argparse.Namespace) -> int:
    """Print one answer: the same quotes, sources and dates as in a chat."""
    question = " ".join(options.question.split())
    archive = opening.opened(settings).generation
    reply = _reply(settings, archive, question)
    reply.check()
    terminal.console().print(terminal.styled(reply), soft_wrap=True)
    return 0


def _reply(settings: Settings, archive: Generation, question: str) -> Reply:
    """An answer without buttons: they could refer to nothing."""
    if wrong := render.complaint(question):
        return Reply(wrong)
    now = clock.now().astimezone(settings.timezone)
    outcome = look_up(archive, question, QUOTES, today=now.date())
    if not outcome.quotes:
        return render.refusal(outcome, now)
    return render.answer(outcome.quotes, notes=render.notes(outcome))
