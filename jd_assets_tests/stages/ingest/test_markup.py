from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jd_assets.stages.ingest.markup import decode_entities, from_field, html_title, html_to_text

PAGE = """<!DOCTYPE html><html><head><title>Beekeeper | Hives Ltd</title><style>p{color:red}</style></head>
<body><script>var x = "<p>no</p>";</script><noscript>Enable it</noscript>
<div class="job"><b>Your   work</b>: tend&nbsp;the hives &amp; the
orchard.<br>Start early.<br/><br/>Rest at noon.</div>
<ul><li>Inspect <i>every</i> hive</li><li><p>Harvest honey</p></li><li></li><li>• Mend frames
<ul><li>wooden</li></ul></li></ul>
<h2>Pay</h2><table><tr><th>Season</th><th>Wage</th></tr><tr><td><p>Summer</p></td><td>&#8377;900</td></tr>
<tr><td></td><td>By  agreement</td></tr></table><!-- end -->
<pre>Mon  early
Tue  late</pre><svg><text>logo</text></svg><p>5 &lt; 6 caf&eacute;s</p></body></html>"""

TEXT = """Your work: tend the hives & the orchard.
Start early.

Rest at noon.

- Inspect every hive
- Harvest honey
- Mend frames
- wooden

Pay

Season | Wage
Summer | ₹900
By agreement

Mon  early
Tue  late

5 < 6 cafés"""


def test_a_page_keeps_its_lines_and_loses_its_machinery() -> None:
    assert html_to_text(PAGE) == TEXT


def test_without_a_tree_the_text_is_the_same() -> None:
    deep = html_to_text("<div>" * 2_000 + PAGE)
    assert deep == TEXT


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<td>a</td>b", "ab"),
        ("<table><tr><td>Duties</td><td><ul><li>prune</li><li>graft</li></ul></td></tr></table>",
         "Duties\n- prune\n- graft"),
        ("<ul><li><br>prune</li></ul>", "- prune"),
        ("<ol><li><ul><li>prune</ul></ol>", "- prune"),
        ("unclosed <b>bold <p>next", "unclosed bold\n\nnext"),
        ("a<wbr>b&shy;c", "abc"),
        ("<p>one</p>\n\n<p>two</p>", "one\n\ntwo"),
        ("", ""),
        ("<", "<"),
    ],
)  # fmt: skip
def test_small_pieces(html: str, text: str) -> None:
    assert html_to_text(html) == text


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("Plain, 3 < 4 and 5 > 4\n- kept", "Plain, 3 < 4 and 5 > 4\n- kept"),
        ("R&amp;D at AT&T, caf&eacute; &copy no", "R&D at AT&T, café &copy no"),
        ("<p>Prune</p><p>Graft</p>", "Prune\n\nGraft"),
        ("&lt;p&gt;Prune&lt;/p&gt;&lt;ul&gt;&lt;li&gt;Graft&lt;/li&gt;&lt;/ul&gt;", "Prune\n\n- Graft"),
        ("Duties\r\n- <b>Prune</b> trees\n- graft", "Duties\n- Prune trees\n- graft"),
        ("List<String> and Map<K, V>", "List<String> and Map<K, V>"),
        ("Pruner\n\nPay\n---\n{: .wide }\n\nGood.\n\nOrchard Farm  <br />\nKent",
         "Pruner\n\nPay\n---\n{: .wide }\n\nGood.\n\nOrchard Farm\n\nKent"),
        ("# Pruner\n* prune\n* graft\nKent<br>England", "# Pruner\n* prune\n* graft\nKent\nEngland"),
        ("Pruner\n<br>\n<br>\nPrune.\n<br>\nGraft.", "Pruner\n\nPrune.\n\nGraft."),
        ("<p>Prune\nand graft</p>\n\n<p>Mend\nthe frames</p>", "Prune and graft\n\nMend the frames"),
        ("<div>Prune\nthe old\ntrees and\nthe young\nones</div>", "Prune the old trees and the young ones"),
        ("Prune<br>\nand graft<br>\nand rest", "Prune\nand graft\nand rest"),
    ],
)  # fmt: skip
def test_a_field_is_converted_only_where_it_is_html(field: str, text: str) -> None:
    assert from_field(field) == text


def test_a_title_is_taken_where_the_page_has_no_heading() -> None:
    assert html_title("<title> Beekeeper\n &amp; Guide</title><p>x") == "Beekeeper & Guide"
    assert html_title("<title>Careers</title><h1>Beekeeper</h1>") is None
    assert html_title("<p>x") is None


@pytest.mark.parametrize(
    "bomb",
    [
        "<div>" * 400_000,
        "<div><object></div></object>" * 70_000,
        "<rp>" * 500_000,
        "<a " + " ".join(f"a{n}=1" for n in range(200_000)) + ">",
        "".join(f"<body a{n}=1>" for n in range(100_000)),
        "<b><p>" * 250_000,
        "<!--" * 400_000,
        "<" * 2_000_000,
    ],
    ids=["div", "object", "rp", "attributes", "bodies", "formatting", "comments", "brackets"],
)
def test_bombs_of_two_megabytes_take_seconds_at_most(bomb: str) -> None:
    begun = time.perf_counter()
    text = html_to_text(bomb + " honey")
    assert time.perf_counter() - begun < 10
    assert text.endswith("honey") or bomb.startswith("<!--")


@given(st.text(max_size=60))
def test_escaped_text_comes_back(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert decode_entities(escaped) == text
    shown = html_to_text(f"<p>{escaped}</p>")
    kept = text.replace("\x00", "\ufffd").replace("\xad", "")
    assert "".join(shown.split()) in {"".join(kept.split()), "".join(kept.replace("\ufffd", "").split())}
