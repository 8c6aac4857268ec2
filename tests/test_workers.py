"""A large build: by several processes, in parts that outlive an interruption."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from retrieval import storage
from retrieval.analyzer import Analyzer
from retrieval.assembling import build
from retrieval.building import gathering, parts, workers
from retrieval.building.scan import scan
from retrieval.building.update import update
from retrieval.building.workers import Job
from retrieval.folder import Listed
from retrieval.storage import GenerationError
from tests.builders import corpus
from tests.test_update import HOUR, in_haste, seen

__all__ = ["in_haste"]
ANALYZER = Analyzer()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A corpus folder whose smallest files are worth a part."""
    monkeypatch.setattr(gathering, "SMALL", 0)
    monkeypatch.setattr(workers, "BATCH", 200)
    monkeypatch.setattr("retrieval.building.scan._RACE", -HOUR)
    texts = {
        f"{n:02}.txt": f"Добыча угля выросла на {n} процентов. {'Это много.' * n}" for n in range(9)
    }
    return corpus(tmp_path / "articles", texts)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def check(folder: Path, index: Path) -> None:
    assert seen(storage.open_generation(index, ANALYZER)) == seen(build(folder))
    assert not (index / "building").exists()


def test_several_processes_build_what_one_builds(folder: Path, index: Path) -> None:
    corpus(folder, {"05.md": "---\nid: 03.txt\n---\nДругая добыча.", "99.pdf": "?"})
    built = update(folder, index, workers=2)
    assert (built.articles, len(built.refused)) == (9, 2)
    check(folder, index)
    corpus(folder, {"03.txt": "Добыча упала.", "50.txt": "Нефть дорожает."})
    (folder / "07.txt").unlink()
    built = update(folder, index, workers=2)
    assert (built.added, built.changed, built.removed) == (("50.txt",), ("03.txt",), ("07.txt",))
    check(folder, index)


def test_an_interrupted_build_goes_on(
    folder: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(_done: int, _total: int) -> None:
        if len(list(index.glob("building/part-*"))) > 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        update(folder, index, progress=stop, workers=1)
    kept = sorted(index.glob("building/part-*"))
    for path in kept[0].glob("*.npy"):
        path.write_bytes(path.read_bytes()[:-1] + b"?")
    corpus(folder, {"00.txt": "Стало по-другому."})
    read = read_in(monkeypatch)
    update(folder, index, workers=1)
    assert "00.txt" in read
    assert len(read) < 9
    check(folder, index)


def read_in(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are given to the workers from now on."""
    given: list[str] = []
    run = workers.run

    def noted(job: Job, files: Sequence[Listed], count: int) -> Iterator[Path]:
        given.extend(listed.name for listed in files)
        return run(job, files, count)

    monkeypatch.setattr(workers, "run", noted)
    return given


def test_parts_of_another_build_are_of_no_use(folder: Path, index: Path) -> None:
    job = Job(folder, index, ["another version"], np.empty(0, np.int32), has_base=False)
    assert len(list(workers.run(job, scan(folder, time.time_ns()), 1))) > 2
    assert list(parts.left(index, ["this version"])) == []
    assert list(index.glob("building/*")) == []


def test_a_process_that_dies_is_told(
    folder: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_serve", die)
    with pytest.raises(GenerationError, match="start it again"):
        update(folder, index, workers=2)


def die(*_: object) -> None:
    """Instead of working."""
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_process_that_cannot_write_tells_why(folder: Path, index: Path) -> None:
    index.mkdir()
    (index / "building").write_text("in the way", "utf-8")
    with pytest.raises(GenerationError, match="cannot write"):
        update(folder, index, workers=2)


SCRIPT = """
import sys
from pathlib import Path
from retrieval.building import gathering, scan, workers
from retrieval.building.update import update
if __name__ == "__main__":
    gathering.SMALL = 0
    scan._RACE = -{hour}
    tell = lambda done, total: print(done, flush=True)
    update(Path(sys.argv[1]), Path(sys.argv[2]), progress=tell, workers=2)
"""


def test_a_build_that_was_killed_goes_on(folder: Path, index: Path, tmp_path: Path) -> None:
    script = tmp_path / "build.py"
    script.write_text(SCRIPT.format(hour=HOUR), encoding="utf-8")
    line = json.dumps({"text": "Добыча угля выросла. " * 40})
    corpus(folder, {f"{n}.jsonl": "\n".join([line] * 3000) for n in range(4)})
    command = [sys.executable, str(script), str(folder), str(index)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "0\n"
        assert int(process.stdout.readline()) > 0
        process.kill()
    done = int(
        subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[0]
    )
    assert done > 0
    check(folder, index)
