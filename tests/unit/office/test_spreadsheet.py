"""Tables as spreadsheets write them."""

import pytest

from codalink.office.spreadsheet import read_rows

ROW = {"url": "odoo.example.be", "database": "a"}


@pytest.mark.parametrize(
    "text",
    [
        "url,database\nodoo.example.be,a\n",
        "url;database\r\nodoo.example.be;a\r\n",
        '"url","database"\n"odoo.example.be","a"\n',
        "url\tdatabase\r\nodoo.example.be\ta\r\n",
        "url,database\rodoo.example.be,a\r",
        " URL , Database \n odoo.example.be , a \n,\n\n",
    ],
    ids=["commas", "semicolons", "quotes", "tabs", "returns", "blanks and empty lines"],
)
def test_table_is_read_as_spreadsheets_write_it(text: str) -> None:
    assert read_rows(text, ["url", "database"]) == [(2, ROW)]


def test_missing_cells_are_empty() -> None:
    assert read_rows("url,database\nodoo.example.be\n", ["url"]) == [(2, {"url": "odoo.example.be", "database": ""})]


def test_row_over_several_lines_has_the_number_of_its_last_one() -> None:
    assert [line for line, _ in read_rows('url,note\na,"one\ntwo"\nb,\n', ["url"])] == [3, 4]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "line 1: the column 'url' is missing"),
        ("database\na\n", "line 1: the column 'url' is missing"),
        ('url,database\n"a,secret-value\n', "line 2: not a CSV file"),
        ('url,database\n"a"secret-value,b\n', "line 2: not a CSV file"),
        ("url,database\n" + "secret-value" * 20_000 + ",b\n", "not a CSV file"),
    ],
    ids=["empty", "no column", "open quotes", "quotes inside", "endless cell"],
)
def test_what_is_no_table_is_told_with_its_line_and_without_its_content(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told) as wrong:
        read_rows(text, ["url", "database"])

    assert "secret-value" not in str(wrong.value)
