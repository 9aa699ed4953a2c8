import io
from datetime import datetime, timedelta
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from monespace_cli.render.chart import BLUE, Chart, Dot, Drawing, Series, Words, drawing_of, nice_ticks, number, time_ticks
from monespace_cli.render.png import SCALE, png
from monespace_cli.render.svg import svg

START = datetime(2026, 1, 1)  # noqa: DTZ001 - wall clock, as measurements are
VALUES = st.floats(-1e6, 1e6).map(lambda value: round(value, 3))


def chart(*values: float, label: str = "") -> Chart:
    return Chart("Poids (kg)", (Series(label, tuple((START + timedelta(days=day), value) for day, value in enumerate(values))),))


@given(VALUES, VALUES)
def test_ticks_are_round_and_hold_what_is_shown(one: float, other: float) -> None:
    low, high = min(one, other), max(one, other)
    ticks = nice_ticks(low, high)
    assert 2 <= len(ticks) <= 8
    assert ticks[0] <= low + 1e-9
    assert high <= ticks[-1] + 1e-9
    assert all(len(number(tick).strip("-0,").replace(",", "")) <= 10 for tick in ticks)


def test_ticks_and_numbers() -> None:
    assert nice_ticks(71, 76) == [71, 72, 73, 74, 75, 76]
    assert nice_ticks(0.9, 1.1) == [0.9, 0.95, 1.0, 1.05, 1.1]
    assert nice_ticks(0, 0) == [0, 1]
    assert number(0.5) == "0,5"


def test_days_are_shown_once() -> None:
    assert time_ticks(START, START + timedelta(hours=5)) == [START]
    days = [moment.date() for moment in time_ticks(START, START + timedelta(days=2))]
    assert days == sorted(set(days))
    assert len(time_ticks(START, START + timedelta(days=400))) == 5


@given(st.lists(VALUES, min_size=1, max_size=5))
def test_everything_is_inside_the_picture(values: list[float]) -> None:
    drawing = drawing_of(chart(*values))
    dots = [shape for shape in drawing.shapes if isinstance(shape, Dot)]
    assert len(dots) == len(values)
    assert all(0 <= dot.x <= drawing.width and 0 <= dot.y <= drawing.height for dot in dots)


def test_more_is_higher_and_later_is_further_right() -> None:
    first, second = (shape for shape in drawing_of(chart(70, 75)).shapes if isinstance(shape, Dot))
    assert first.x < second.x
    assert first.y > second.y


def test_svg_is_well_formed_and_escaped() -> None:
    picture = svg(drawing_of(chart(70, 75, label="<b>&")))
    root = ElementTree.fromstring(picture)
    assert "<b>&" in [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert len(list(root.iter("{http://www.w3.org/2000/svg}circle"))) == 2


def test_png_shows_the_line_and_accents() -> None:
    image = Image.open(io.BytesIO(png(drawing_of(chart(70, 75)))))
    assert image.size == (800 * SCALE, 450 * SCALE)
    assert image.mode == "RGB"
    dot = next(shape for shape in drawing_of(chart(70, 75)).shapes if isinstance(shape, Dot))
    assert image.getpixel((round(dot.x * SCALE), round(dot.y * SCALE))) == tuple(bytes.fromhex(BLUE[1:]))


def rendered(text: str, anchor: str = "start") -> Image.Image:
    return Image.open(io.BytesIO(png(Drawing(100, 50, (Words(50, 30, text, anchor),))))).convert("L")


def test_words_have_their_accents_and_their_place() -> None:
    letters = [rendered(text).tobytes() for text in ("e", "é", "è", "ê", "²", "°", "Œ")]
    assert len(set(letters)) == len(letters)
    ends, middles, starts = (columns(rendered("2026", anchor)) for anchor in ("end", "middle", "start"))
    assert ends[0] < middles[0] < 50 * SCALE < middles[1] < starts[1]
    assert ends[1] <= 50 * SCALE + 2
    assert starts[0] >= 50 * SCALE


def columns(image: Image.Image) -> tuple[int, int]:
    """Return the first and the last column that is not white."""
    box = image.point(lambda value: 255 - value).getbbox()
    assert box is not None
    return box[0], box[2]
