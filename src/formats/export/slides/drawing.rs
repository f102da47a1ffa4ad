//! What stands where on a slide, in millimetres. The styles are named in `content_head.xml`.

use std::collections::BTreeSet;

use super::{Body, Deck, Figure, Slide, SlideColumn, Table, escaped};

/// Width of a slide between its margins, and its left margin.
const WIDTH: usize = 244;
const LEFT: usize = 18;
/// Between two things side by side.
const GAP: usize = 8;
/// Where what is under the title begins.
const TOP: usize = 37;

/// The document.
pub fn content(deck: &Deck) -> String {
    let slides: Vec<String> = (1_usize..)
        .zip(&deck.slides)
        .map(|(n, slide)| page(n, slide, &deck.foot))
        .collect();
    [
        include_str!("content_head.xml"),
        &sizes(deck),
        "  </office:automatic-styles>\n<office:body><office:presentation>\n",
        &slides.concat(),
        "</office:presentation></office:body>\n</office:document-content>\n",
    ]
    .concat()
}

/// Height of a row, in millimetres: a short table fills its slide, a long one stays on it.
fn row_height(table: &Table) -> usize {
    (84 / (table.rows.len() + 1)).min(14)
}

/// A style for each width of a column and each height of a row.
fn sizes(deck: &Deck) -> String {
    let tables = deck.slides.iter().flat_map(|slide| match &slide.body {
        Body::Tables(tables, _) => tables.as_slice(),
        _ => &[],
    });
    let (mut columns, mut rows) = (BTreeSet::new(), BTreeSet::new());
    for table in tables {
        columns.extend(table.columns.iter().map(|column| column.width));
        rows.insert(row_height(table));
    }
    let columns = columns.into_iter().map(|mm| {
        format!(
            "    <style:style style:name=\"c{mm}\" style:family=\"table-column\">\
             <style:table-column-properties style:column-width=\"{mm}mm\"/></style:style>\n"
        )
    });
    let rows = rows.into_iter().map(|mm| {
        format!(
            "    <style:style style:name=\"r{mm}\" style:family=\"table-row\">\
             <style:table-row-properties style:row-height=\"{mm}mm\"/></style:style>\n"
        )
    });
    columns.chain(rows).collect::<Vec<_>>().concat()
}

fn page(n: usize, slide: &Slide, foot: &str) -> String {
    let (master, inside) = match &slide.body {
        Body::Cover(lines) => ("Couverture", cover(&slide.title, lines)),
        body => (
            "Vigie",
            [
                title("titre", &slide.title, "p-titre", (LEFT, 17, WIDTH, 14)),
                shown(body),
                text((LEFT, 146, 200, 6), &paragraph("p-pied", foot)),
            ]
            .concat(),
        ),
    };
    format!(
        "<draw:page draw:name=\"page{n}\" draw:style-name=\"diapo\" draw:master-page-name=\"{master}\">\n{inside}</draw:page>\n"
    )
}

fn shown(body: &Body) -> String {
    match body {
        Body::Cover(_) => String::new(),
        Body::Figures(figures) => {
            let width = part(figures.len());
            beside(figures, width, |one, left| figure(one, left, width))
        }
        Body::Tables(tables, notes) => {
            let width = part(tables.len());
            let drawn = beside(tables, width, |one, left| table(one, left, width));
            let notes: Vec<String> = notes.iter().map(|one| paragraph("p-note", one)).collect();
            [drawn, text((LEFT, 131, WIDTH, 13), &notes.concat())].concat()
        }
        Body::Terms(columns, note) => {
            let width = part(columns.len());
            let drawn = beside(columns, width, |one, left| terms(one, left, width));
            let note = text((LEFT, 139, WIDTH, 6), &paragraph("p-pied", note));
            [drawn, note].concat()
        }
    }
}

/// Width of each of some things side by side.
fn part(count: usize) -> usize {
    let count = count.max(1);
    (WIDTH - (count - 1) * GAP) / count
}

fn beside<T>(things: &[T], width: usize, draw: impl Fn(&T, usize) -> String) -> String {
    let drawn: Vec<String> = (0..)
        .zip(things)
        .map(|(n, one)| draw(one, LEFT + n * (width + GAP)))
        .collect();
    drawn.concat()
}

fn cover(words: &str, lines: &[String]) -> String {
    let lines: Vec<String> = lines
        .iter()
        .map(|one| paragraph("p-couverture", one))
        .collect();
    [
        title(
            "titre-couverture",
            words,
            "p-titre-couverture",
            (24, 38, 232, 44),
        ),
        text((24, 92, 232, 54), &lines.concat()),
    ]
    .concat()
}

fn figure(one: &Figure, left: usize, width: usize) -> String {
    let lines: Vec<String> = one
        .lines
        .iter()
        .map(|one| paragraph("p-dit", one))
        .collect();
    let number = format!(
        "<text:p text:style-name=\"p-chiffre\">{}<text:span text:style-name=\"petit\"> {}</text:span></text:p>",
        escaped(&one.number),
        escaped(&one.of)
    );
    let within = width - 16;
    [
        rectangle("carte", (left, TOP, width, 104)),
        rectangle("filet", (left, TOP, width, 2)),
        text(
            (left + 8, TOP + 9, within, 10),
            &paragraph("p-nom", &one.name),
        ),
        text((left + 8, TOP + 17, within, 32), &number),
        text((left + 8, TOP + 50, within, 52), &lines.concat()),
    ]
    .concat()
}

fn terms(list: &[(String, String)], left: usize, width: usize) -> String {
    let said: Vec<String> = list
        .iter()
        .map(|(term, sense)| [paragraph("p-terme", term), paragraph("p-sens", sense)].concat())
        .collect();
    text((left, TOP, width, 100), &said.concat())
}

fn table(one: &Table, left: usize, width: usize) -> String {
    let columns: Vec<String> = one
        .columns
        .iter()
        .map(|column| {
            let mm = column.width;
            format!("<table:table-column table:style-name=\"c{mm}\"/>")
        })
        .collect();
    let head: Vec<&str> = one.columns.iter().map(|column| column.title).collect();
    let tall = row_height(one);
    let rows: Vec<String> = one
        .rows
        .iter()
        .map(|cells| row(&one.columns, (tall, "case"), cells))
        .collect();
    format!(
        "<draw:frame {}><table:table table:use-first-row-styles=\"true\">{}\
         {}{}</table:table></draw:frame>\n",
        place((left, TOP, width, tall * (one.rows.len() + 1))),
        columns.concat(),
        row(&one.columns, (tall, "tete"), &head),
        rows.concat()
    )
}

fn row<T: AsRef<str>>(
    columns: &[SlideColumn],
    (tall, style): (usize, &str),
    cells: &[T],
) -> String {
    let cells: Vec<String> = (0..)
        .zip(columns.iter().zip(cells))
        .map(|(n, (column, cell))| {
            let written = match (style, column.is_number, n) {
                ("tete", true, _) => "p-tete-droite",
                ("tete", false, _) => "p-tete",
                (_, true, _) => "p-case-droite",
                (_, false, 0) => "p-case-forte",
                (_, false, _) => "p-case",
            };
            let cell = paragraph(written, cell.as_ref());
            format!("<table:table-cell table:style-name=\"{style}\">{cell}</table:table-cell>")
        })
        .collect();
    let cells = cells.concat();
    format!("<table:table-row table:style-name=\"r{tall}\">{cells}</table:table-row>")
}

type Place = (usize, usize, usize, usize);

fn place((left, top, width, height): Place) -> String {
    format!(
        "svg:x=\"{left}mm\" svg:y=\"{top}mm\" svg:width=\"{width}mm\" svg:height=\"{height}mm\""
    )
}

fn title(style: &str, words: &str, written: &str, at: Place) -> String {
    format!(
        "<draw:frame presentation:style-name=\"{style}\" presentation:class=\"title\" {}>\
         <draw:text-box>{}</draw:text-box></draw:frame>\n",
        place(at),
        paragraph(written, words)
    )
}

fn text(at: Place, paragraphs: &str) -> String {
    format!(
        "<draw:frame draw:style-name=\"texte\" {}><draw:text-box>{paragraphs}</draw:text-box></draw:frame>\n",
        place(at)
    )
}

fn rectangle(style: &str, at: Place) -> String {
    format!("<draw:rect draw:style-name=\"{style}\" {}/>\n", place(at))
}

fn paragraph(style: &str, words: &str) -> String {
    format!(
        "<text:p text:style-name=\"{style}\">{}</text:p>",
        escaped(words)
    )
}
