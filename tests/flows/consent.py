"""The person who gives consent: a browser of our own, which codalink opens on the page and which clicks on Allow there."""

import sys
from pathlib import Path

from tests.integration.office import Processes

# A browser that records the address, looks at the page, and clicks on Allow.
BROWSER = """
import sys, urllib.request
address, record = sys.argv[1:]
with open(record, "a", encoding="utf-8") as file:
    file.write(address + "\\n")
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
page = opener.open(address).read().decode()
assert 'value="allow"' in page
opener.open(address, data=b"answer=allow").read()
"""


def give_browser(office: Processes) -> Path:
    """Let the run find this browser, and only this one; answers the file with the addresses it was opened with."""
    program, record = office.folder / "browser.py", office.folder / "opened"
    program.write_text(BROWSER, encoding="utf-8")
    office.environment["BROWSER"] = f"{Path(sys.executable).as_posix()} {program.as_posix()} %s {record.as_posix()}"
    del office.environment["CODALINK_NO_BROWSER"]
    return record
