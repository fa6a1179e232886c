"""Where letters go: to standard output, into a file, or into a folder under the companies' names. Nothing is overwritten silently."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from codalink.errors import FileRefused, UsageError
from codalink.files import safe_name, write_unless_other, write_whole

if TYPE_CHECKING:
    from codalink.office.advice.correspondence import Draft

_TEXT, _MAIL = ".txt", ".eml"


@dataclass(frozen=True)
class Letterbox:
    """A place for letters. `path` is None for standard output; `ending` is what kind of file a letter becomes."""

    path: Path | None
    is_folder: bool
    ending: str
    is_forced: bool

    @classmethod
    def chosen(cls, path: Path | None, *, as_mail: bool, for_many: bool, is_forced: bool) -> "Letterbox":
        """The place that the options name. Raises UsageError."""
        ending = _MAIL if as_mail else _TEXT
        if for_many and (path is None or path.is_file()):
            raise UsageError("Letters for all companies go into a folder.", remedy="Say --output FOLDER; it is made if it isn't there.")
        if path is None or for_many or path.is_dir():
            return cls(path, path is not None, ending, is_forced)
        named = path.suffix.lower()
        if named not in {_TEXT, _MAIL} or (as_mail and named == _TEXT):
            raise UsageError(f"{path} is neither a folder nor a file named *{ending}.", remedy="Text goes into *.txt, a mail into *.eml.")
        return cls(path, is_folder=False, ending=named, is_forced=is_forced)

    @property
    def takes_mails(self) -> bool:
        """Whether a letter is to be a draft for the mail program."""
        return self.ending == _MAIL

    def paths(self, drafts: "Sequence[Draft]") -> list[Path | None]:
        """The file of each letter; None for standard output. Companies of the same name have their database in it as well."""
        if self.path is None or not self.is_folder:
            return [self.path for _ in drafts]
        names = [_name(draft) for draft in drafts]
        often = Counter(name.casefold() for name in names)  # Windows and macOS don't tell capitals apart
        told = [_name(draft, with_database=often[name.casefold()] > 1) for name, draft in zip(names, drafts, strict=True)]
        endings = [f"{draft.letter.kind.value}.{draft.letter.language.value}{self.ending}" for draft in drafts]
        return [self.path / f"{name} - {ending}" for name, ending in zip(_numbered(told), endings, strict=True)]

    def put(self, path: Path | None, text: str) -> str:
        """Write a letter into its file; what standard output is to say: the letter itself, or its file. Raises FileRefused."""
        if path is None:
            return text
        try:
            if self.is_folder:
                path.parent.mkdir(parents=True, exist_ok=True)
            if self.is_forced:
                write_whole(path, text)
            else:
                write_unless_other(path, text)
        except FileExistsError as error:
            raise FileRefused(f"{path} is there already, and differs.", remedy="Move it away, or say --force to overwrite it.") from error
        except OSError as error:
            raise FileRefused(f"{path} can't be written: {error.strerror or error}.") from error
        return f"{path}\n"


def _name(draft: "Draft", *, with_database: bool = False) -> str:
    if draft.company is None:
        return "office"
    name = safe_name(draft.company.name)
    return f"{name} ({safe_name(draft.company.database.name)})" if with_database else name


def _numbered(names: Sequence[str]) -> list[str]:
    """The names, with a number where one comes again."""
    seen: Counter[str] = Counter()
    told = []
    for name in names:
        seen[name.casefold()] += 1
        number = seen[name.casefold()]
        told.append(name if number == 1 else f"{name} {number}")
    return told
