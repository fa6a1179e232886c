"""`codalink status html`: the page as the command writes it, and as a real browser shows it."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

from codalink.render.report import page
from codalink.sandbox import add_history, demo_office, mandates_export
from codalink.sandbox.demo_office import connect
from codalink.sandbox.histories import LeftOut
from tests import browser as browsers
from tests.integration.office import CommandLine, Done
from tests.integration.terminal import READING, ready_office
from tests.unit.render.reports import FRESHNESS, large_office

COMPANIES = 2000
PATIENCE_S = 60
"""For a machine that has much else to do; a person waits for half a second."""
COMPANY, ATTENTION, CONNECTION, WAITING_FOR, LAST_STATEMENT = range(5)


# --- the command ---------------------------------------------------------------------------------------------------------------------


@dataclass
class Written:
    """The page in a file and on standard output, and what was told beside."""

    office: CommandLine
    file: Path
    done: Done
    piped: Done
    methods: set[str]

    @property
    def text(self) -> str:
        return unescape(self.file.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    world = demo_office()
    bakery = world.database("bakkerij-kruimel")
    connect(world, bakery)
    add_history(world, bakery, 1, datetime.now(UTC).date(), 60, LeftOut(30, 5))
    with ready_office(world, tmp_path_factory.mktemp("report"), include=["bakkerij-*", "garage-*", "optiek-*"]) as office:
        file = office.folder / "report.html"
        done = office.run("status", "html", "--output", str(file))
        methods = {call.method for call in office.sandbox.calls}
        yield Written(office, file, done, office.run("status", "html"), methods)


class TestCommand:
    def test_says_where_the_page_lies(self, written: Written) -> None:
        assert (written.done.exit_code, written.done.stdout) == (0, ""), written.done
        assert f"The report lies in {written.file}" in written.done.stderr

    def test_writes_the_same_to_standard_output(self, written: Written) -> None:
        assert written.piped.stdout == written.file.read_text(encoding="utf-8")

    def test_leaves_nothing_beside_the_file(self, written: Written) -> None:
        assert [path.name for path in written.file.parent.iterdir() if "report" in path.name] == ["report.html"]

    def test_shows_the_gap(self, written: Written) -> None:
        assert 'class="bad" x="' in written.text
        assert "the balance goes from" in written.text

    def test_changes_nothing_in_odoo(self, written: Written) -> None:
        assert written.methods <= READING

    def test_takes_mandates_and_a_single_company(self, written: Written) -> None:
        world = written.office.sandbox.world
        export = written.office.folder / "mandates.csv"
        export.write_text(mandates_export(world.proxy.mandates.values(), world.office_vat), encoding="utf-8", newline="")
        done = written.office.run("status", "html", "--mandates", str(export), "--company", "Garage Bougie")

        assert "Mandates are known to MyCodaBox only" not in done.stdout
        assert done.stdout.count("<tbody") == 1

    def test_keeps_the_former_page_where_it_fails(self, written: Written) -> None:
        former = written.office.folder / "former.html"
        former.write_text("of yesterday", encoding="utf-8")
        done = written.office.run("status", "html", "--output", str(former), "--mandates", "no-such-file.csv")

        assert done.exit_code == 2, done
        assert former.read_text(encoding="utf-8") == "of yesterday"

    @pytest.mark.parametrize("command", [("databases",), ("statements", "check"), ("retrieve", "--all")])
    def test_is_no_format_of_other_commands(self, written: Written, command: tuple[str, ...]) -> None:
        done = (
            written.office.run(*command[:2], "html", *command[2:]) if command[0] == "statements" else written.office.run(*command, "html")
        )

        assert done.exit_code == 2, done
        assert "'html' is not one of 'table'" in done.stderr

    def test_is_not_watched(self, written: Written) -> None:
        done = written.office.run("status", "html", "--watch")

        assert done.exit_code == 2, done
        assert "--watch" in done.stderr


# --- in a browser --------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    if missing := browsers.missing_packages():
        message = f"a browser is missing; on Debian or Ubuntu: apt-get install {' '.join(missing)}"
        # A run on somebody's machine may do without, CI proves it.
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_PROXY", "127.0.0.1,localhost")
        patch.setenv("no_proxy", "127.0.0.1,localhost")
        with browsers.browsing(tmp_path_factory.mktemp("browser")) as browser:
            yield browser


@dataclass(frozen=True)
class Screen:
    """A page in the browser, used as a person does."""

    browser: Chrome

    @property
    def search(self) -> WebElement:
        return self.browser.find_element(By.ID, "search")

    @property
    def counted(self) -> str:
        return self.browser.find_element(By.ID, "counted").text

    def heads(self) -> list[WebElement]:
        return self.browser.find_elements(By.CSS_SELECTOR, "thead button")

    def click_head(self, column: int) -> None:
        self.heads()[column].click()

    def sorting(self, column: int) -> str | None:
        return self.browser.find_elements(By.CSS_SELECTOR, "thead th")[column].get_attribute("aria-sort")

    def first(self, column: int = COMPANY) -> str:
        """The first line of a cell of the first company that is shown."""
        cells = self.browser.find_elements(By.CSS_SELECTOR, "tbody:not([hidden]) > tr:first-child > *")
        return cells[column].text.split("\n")[0] if cells else ""

    def wait(self, condition: Callable[[], bool]) -> None:
        WebDriverWait(self.browser, PATIENCE_S).until(lambda _: condition())

    def emulate(self, **features: str) -> None:
        told = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": told})

    def style(self, selector: str, name: str) -> str:
        return self.browser.find_element(By.CSS_SELECTOR, selector).value_of_css_property(name)


@pytest.fixture(scope="module")
def page_of_2000(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(page(large_office(COMPANIES), FRESHNESS), encoding="utf-8")
    return path


@pytest.fixture
def screen(chromium: Chrome, page_of_2000: Path) -> Iterator[Screen]:
    chromium.get(page_of_2000.as_uri())
    yield Screen(chromium)
    errors = chromium.get_log("browser")  # type: ignore[no-untyped-call]  # Selenium has left it without
    assert errors == []


class TestPage:
    def test_opens_without_a_word_on_the_console(self, screen: Screen) -> None:
        assert screen.browser.title.startswith("Kantoor Testmans")
        assert screen.counted == f"{COMPANIES} shown"

    def test_written_page_opens_too(self, chromium: Chrome, written: Written) -> None:
        chromium.get(written.file.as_uri())

        assert Screen(chromium).first() == "Bakkerij Kruimel BV"
        assert chromium.get_log("browser") == []  # type: ignore[no-untyped-call]  # Selenium has left it without

    def test_search_narrows_as_one_types(self, screen: Screen) -> None:
        screen.search.send_keys("garage 0421")
        screen.wait(lambda: screen.counted == f"1 of {COMPANIES} shown")

        assert screen.first() == "Garage 0421"

    @pytest.mark.parametrize("typed", ["HOTEL 0002", "hôtel 0002", "klant-0002"])
    def test_search_minds_neither_capitals_nor_accents(self, screen: Screen, typed: str) -> None:
        screen.search.send_keys(typed)
        screen.wait(lambda: screen.counted == f"1 of {COMPANIES} shown")

        assert screen.first() == "Hôtel 0002"

    @pytest.mark.parametrize("typed", ["BE71096123456769", "BE71 0961 2345 6769", "0961 2345"])
    def test_search_finds_numbers_with_blanks_and_without(self, screen: Screen, typed: str) -> None:
        screen.search.send_keys(typed)
        screen.wait(lambda: screen.counted == f"{COMPANIES // 20} of {COMPANIES} shown")

    def test_search_that_finds_nothing_says_so(self, screen: Screen) -> None:
        screen.search.send_keys("nobody has this name")
        screen.wait(lambda: screen.counted == f"0 of {COMPANIES} shown")

    def test_problems_only(self, screen: Screen) -> None:
        screen.browser.find_element(By.ID, "problems").click()
        screen.wait(lambda: screen.counted == f"{COMPANIES * 8 // 20} of {COMPANIES} shown")

    def test_only_those_that_wait_for_somebody(self, screen: Screen) -> None:
        Select(screen.browser.find_element(By.ID, "turn")).select_by_visible_text("the bank")
        screen.wait(lambda: screen.counted == f"{COMPANIES // 20} of {COMPANIES} shown")

        assert screen.first(WAITING_FOR) == "the bank"

    def test_click_sorts_and_another_one_turns_it_round(self, screen: Screen) -> None:
        screen.click_head(COMPANY)
        screen.wait(lambda: screen.first() == "Apotheek 0005")
        assert (screen.sorting(COMPANY), screen.sorting(ATTENTION)) == ("ascending", "none")

        screen.click_head(COMPANY)
        screen.wait(lambda: screen.first() == "Slagerij 1998")
        assert screen.sorting(COMPANY) == "descending"

    def test_what_needs_attention_can_be_brought_back_to_the_top(self, screen: Screen) -> None:
        before = screen.first()
        screen.click_head(LAST_STATEMENT)
        screen.wait(lambda: screen.first(LAST_STATEMENT) == "none yet")
        screen.click_head(ATTENTION)

        screen.wait(lambda: screen.first() == before)

    def test_sorting_keeps_what_was_searched(self, screen: Screen) -> None:
        screen.search.send_keys("slagerij")
        screen.wait(lambda: screen.counted.endswith("shown") and screen.first().startswith("Slagerij"))
        counted = screen.counted
        screen.click_head(COMPANY)
        screen.wait(lambda: screen.first() == "Slagerij 0003")

        assert screen.counted == counted

    def test_keyboard_reaches_search_sorting_and_details(self, screen: Screen) -> None:
        screen.browser.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
        assert screen.browser.switch_to.active_element.get_attribute("id") == "search"

        for _ in range(3):
            screen.browser.switch_to.active_element.send_keys(Keys.TAB)
        screen.browser.switch_to.active_element.send_keys(Keys.ENTER)
        screen.wait(lambda: screen.sorting(COMPANY) == "ascending")

        summary = screen.browser.find_element(By.CSS_SELECTOR, "summary")
        summary.send_keys(Keys.ENTER)
        assert screen.browser.find_element(By.CSS_SELECTOR, "details").get_attribute("open") is not None

    def test_focus_is_seen(self, screen: Screen) -> None:
        screen.browser.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)

        assert screen.style("#search", "outline-style") == "solid"

    def test_dark_is_dark_and_light_is_light(self, screen: Screen) -> None:
        grounds = []
        for scheme in ("light", "dark"):
            screen.emulate(prefers_color_scheme=scheme)
            grounds.append(screen.style("body", "background-color"))
        screen.emulate()

        assert grounds == ["rgba(255, 255, 255, 1)", "rgba(21, 25, 29, 1)"]

    def test_narrow_window_needs_no_scrolling_sideways(self, screen: Screen) -> None:
        metrics = {"width": 360, "height": 800, "deviceScaleFactor": 1, "mobile": True}
        screen.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        try:
            assert screen.browser.execute_script("return document.documentElement.scrollWidth") == 360
        finally:
            screen.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    def test_paper_has_what_to_do_for_those_that_are_shown(self, screen: Screen) -> None:
        """Details are opened for printing, and closed again."""
        screen.search.send_keys("garage 0001")
        screen.wait(lambda: screen.counted.startswith("1 of"))
        watch = "window.opened = 0; addEventListener('beforeprint', () => { opened = document.querySelectorAll('details[open]').length; })"
        screen.browser.execute_script(watch)
        screen.browser.print_page()

        opened = screen.browser.execute_script("return [opened, document.querySelectorAll('details[open]').length]")
        assert opened == [1, 0]
