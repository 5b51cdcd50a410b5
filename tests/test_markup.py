"""Markup is read as a reader sees it: what is struck out is gone, what is raised has a sense."""

import time

import pytest

from newsbrief.markup import MAX_TAGS, read_markup


def read(html):
    return read_markup(f"<p>{html}</p>").text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("The pier cost <del>nine</del> <ins>six</ins> crowns.", "The pier cost six crowns."),
        ("A ticket is <s>40</s> 35 crowns.", "A ticket is 35 crowns."),
        ("The boat <strike>and the pier</strike>, he said, sank.", "The boat, he said, sank."),
        ("It sank <del>a</del><del>b</del>, he said.", "It sank, he said."),
        ("Ida <del>and </del>Lund left<del> early</del>.", "Ida Lund left."),
        ("<del>Draft.</del> The boat sank.", "The boat sank."),
        ("It sank <del>a</del> <del>b</del> at noon.", "It sank at noon."),
        ("<del>The <b>whole <i>first</i></b> line.</del><br>The boat sank.", "The boat sank."),
    ],
)
def test_deleted_text_goes_and_leaves_no_gap(html, text):
    assert read(html) == text


def test_deleted_text_goes_from_the_headline_too():
    page = read_markup("<h1>Ferry to stop <del>Monday</del> <ins>Friday</ins></h1><p>It stops.")
    assert page.headline == "Ferry to stop Friday"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Some 10<sup>6</sup> cells", "Some 10⁶ cells"),
        ("a dose of 10<sup>−12</sup> grams", "a dose of 10⁻¹² grams"),
        ("5 km<sup>2</sup> of reed", "5 km² of reed"),
        ("30 m<SUP class=x>3</SUP> of water", "30 m³ of water"),
        ("where E=mc<sup>2</sup> holds", "where E=mc² holds"),
        ("участок 5 км<sup>2</sup>", "участок 5 км²"),
        ("2<sup>64</sup> grains", "2⁶⁴ grains"),
        ("<b>10</b><sup><i>9</i></sup> stars", "10⁹ stars"),
        ("2<sup>4n</sup> ways", "2^4n ways"),
        ("the 5<sup>th</sup> boat", "the 5th boat"),
        ("Tom M<sup>c</sup>Alder", "Tom McAlder"),
        ("Alder<sup>&trade;</sup> rope", "Alder™ rope"),
        ("H<sub>2</sub>O and CO<sub>2</sub>", "H2O and CO2"),
    ],
)
def test_an_exponent_stays_apart_from_its_base_and_letters_stay_glued(html, text):
    assert read(html) == text


@pytest.mark.parametrize(
    "mark",
    [
        "<sup>[1]</sup>",
        "<sup>1</sup>",
        "<sup>*</sup>",
        "<sup>†</sup>",
        "<sup>a</sup>",
        "<sup>1,2</sup>",
        "<sup>&#91;12&#93;</sup>",
        '<sup><a href="#fn1">1</a></sup>',
        '<sup id="r1" class="reference"><a href="#n1"><span>[</span>1<span>]</span></a></sup>',
        '<a href="#fn1"><sup>1</sup></a>',
    ],
)
def test_the_mark_of_a_footnote_goes(mark):
    assert read(f"The boat sank{mark} at noon.") == "The boat sank at noon."
    assert read(f"The boat sank.{mark} It rained.") == "The boat sank. It rained."


def test_a_linked_mark_goes_after_a_figure_but_a_linked_power_stays():
    assert read('It cost 40<sup><a href="#n2">2</a></sup> crowns.') == "It cost 40 crowns."
    assert read("<a href=x>Some 10<sup>6</sup> cells</a> died.") == "Some 10⁶ cells died."


def test_a_sentence_that_is_raised_is_no_mark():
    assert read("The boat <sup>sank in the harbour</sup> at noon.") == (
        "The boat sank in the harbour at noon."
    )


@pytest.mark.parametrize(
    "unit",
    [
        "<sup>1</sup>",
        "<a><sup>1</sup>",
        "<sup>",
        "10<sup><b>",
        "<del></del> ",
        "<del>a</del>, b ",
        "<s>a<br>",
        "<sup>a a a",
    ],
)
def test_four_times_the_markup_takes_about_four_times_as_long(unit):
    def seconds(tags):
        html = "<p>x " + unit * (tags // unit.count("<"))
        taken = []
        for _ in range(3):
            started = time.process_time()
            read_markup(html)
            taken.append(time.process_time() - started)
        return min(taken)

    # Quadratic work takes 16 times as long; 10 ms are forgiven to a clock that ticks coarsely.
    assert seconds(MAX_TAGS - 2) < 3 * 4 * seconds(MAX_TAGS // 4) + 0.01
