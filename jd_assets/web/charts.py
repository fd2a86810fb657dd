"""Charts as SVG that stands in a page: drawn by pygal, coloured by the page's own style sheet.

All charts have one house style: one width, no script, style or comment, which the content security policy
would refuse, and colours by the classes color-0, color-1 and so on, in the order of the series. Each shape
says its value where the mouse rests on it, as its title.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import pygal
from lxml import etree  # type: ignore[import-untyped]
from markupsafe import Markup
from pygal.style import Style

WIDTH = 420
"""Units of all charts, of which a phone shows about three quarters as pixels, and a desk more than all."""

_HEIGHT, _ROW = 236, 30
_LABELS_SHOWN = 6
_LETTERS = 26
_TEXT = Style(label_font_size=13, major_label_font_size=13, value_font_size=13)
_UNWANTED = (
    "//comment() | //*[local-name() = 'defs'] | //*[local-name() = 'desc'] | "
    "//*[contains(@class, 'tooltip-overlay')] | /*/*[local-name() = 'title'] | "
    "//*[contains(@class, 'guides')]/*[local-name() = 'title']"
)


class Bar(NamedTuple):
    """A bar of a ranking, and the address of the page that tells more."""

    name: str
    value: float
    link: str


def columns(
    name: str, labels: Sequence[str], series: Mapping[str, Sequence[float]], written: Callable[[float], str]
) -> Markup:
    """A column for each label, stacked of each series' value there. `name` is what a screen reader says of
    the whole; `written` writes a value."""
    chart = pygal.StackedBar(
        **_house(_HEIGHT, written),
        y_labels=_ticks(max(map(sum, zip(*series.values(), strict=True)))),
        show_minor_x_labels=False,
        x_labels_major_every=math.ceil(len(labels) / _LABELS_SHOWN),
    )
    chart.x_labels = list(labels)
    for title, values in series.items():
        said = title if len(series) > 1 else ""
        parts = [
            {"value": value, "label": f"{label}{said and ', '}{said}: {written(value)}"} if value else None
            for label, value in zip(labels, values, strict=True)
        ]
        chart.add(title, parts)
    svg = _for_page(chart.render_tree(), name)
    svg.set("role", "img")
    return Markup(etree.tostring(svg, encoding="unicode"))


def ranking(name: str, bars: Sequence[Bar], written: Callable[[float], str]) -> Markup:
    """A bar for each thing, from the top down, its name a link and its value at its end. What is read of
    it is the links: each says its name and value."""
    most = max((bar.value for bar in bars), default=0.0)
    chart = pygal.HorizontalBar(
        **_house(_ROW * len(bars) + 12, written),
        print_values=True,
        print_values_position="top",
        range=(0, most * 1.22),  # what is past the longest bar holds its value
        show_x_labels=False,
    )
    from_below = bars[::-1]  # pygal draws the first at the bottom
    chart.x_labels = [_shortened(bar.name) for bar in from_below]
    chart.add(
        None, [{"value": bar.value, "label": f"{bar.name}: {written(bar.value)}"} for bar in from_below]
    )
    svg = _for_page(chart.render_tree(), name)
    svg.set("role", "group")
    for drawn in svg.xpath("//*[local-name() = 'rect'] | //*[contains(@class, 'text-overlay')]"):
        drawn.set("aria-hidden", "true")
    labels = svg.xpath("//*[contains(@class, 'axis y')]//*[local-name() = 'text']")
    for label, bar in zip(labels, from_below, strict=True):
        _link(label, bar.link, f"{bar.name}: {written(bar.value)}")
    return Markup(etree.tostring(svg, encoding="unicode"))


def _house(height: int, written: Callable[[float], str]) -> dict[str, Any]:
    return {
        "css": (),
        "js": (),
        "width": WIDTH,
        "height": height,
        "margin": 6,
        "no_prefix": True,
        "order_min": 0,
        "show_legend": False,
        "style": _TEXT,
        "truncate_label": -1,
        "value_formatter": written,
    }


def _ticks(most: float) -> list[float]:
    """About four round numbers from 0 up to the first that is not less than the most."""
    rough = (most or 1) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * round_one for round_one in (1, 2, 5, 10) if power * round_one >= rough)
    return [step * n for n in range(math.ceil(most / step) + 1)]


def _shortened(name: str) -> str:
    return name if len(name) <= _LETTERS else name[: _LETTERS - 1].rstrip() + "…"


def _link(text: etree._Element, address: str, says: str) -> None:
    """Puts a text into a link that says more than the text does."""
    link = etree.Element("a", {"href": address, "aria-label": says})
    text.addprevious(link)
    link.append(text)
    etree.SubElement(text, "title").text = says


def _for_page(svg: etree._Element, name: str) -> etree._Element:
    for shape in svg.xpath("//*[local-name() = 'rect'][../*[@class = 'label']]"):
        (says,) = shape.xpath("../*[@class = 'label']")
        etree.SubElement(shape, "title").text = says.text
    for unwanted in svg.xpath(_UNWANTED):
        unwanted.getparent().remove(unwanted)
    del svg.attrib["id"]
    svg.set("aria-label", name)
    return svg
