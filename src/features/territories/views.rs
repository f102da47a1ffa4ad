//! Pages of the territories, with what their templates show.

use std::borrow::Borrow;

use askama::Template;
use askama_web::WebTemplate;

use super::model::{Order, PLACES, kind_in_words};
use super::queries::{Drawn, Member, Referent, SourceLine, TerritoryRow};
use super::routes::ListQuery;
use crate::web::filters;
use crate::web::forms::{ActiveFilter, Choice, FormErrors};
use crate::web::levels::{ALERTS_PROTECTED, Detail, Mark, five_places};
use crate::web::map::{self, Drawing, OnMap, Tile};
use crate::web::shell::Shell;

impl TerritoryRow {
    /// The five places as marks, as far as the person may see their levels.
    pub fn marks(&self, detail: impl Borrow<Detail>) -> [Mark; PLACES] {
        five_places(&self.slots, &self.levels, *detail.borrow())
    }

    /// The kind of EPCI in words.
    pub fn kind_in_words(&self) -> &'static str {
        kind_in_words(&self.kind)
    }

    fn on_map(&self, detail: Detail) -> OnMap {
        let tile = self.tile_column.zip(self.tile_row);
        OnMap {
            siren: self.siren.clone(),
            name: self.short_name.clone(),
            href: format!("/territoires/{}", self.siren),
            marks: self.marks(detail),
            tile: tile.and_then(|(c, r)| Some((u8::try_from(c).ok()?, u8::try_from(r).ok()?))),
        }
    }
}

/// The list of the territories, with their map.
#[derive(Debug, Template, WebTemplate)]
#[template(path = "territories/index.html")]
pub struct IndexPage {
    /// Frame.
    pub shell: Shell,
    inside: String,
    is_scoped: bool,
    detail: Detail,
    query: ListQuery,
    rows: Vec<TerritoryRow>,
    orders: Vec<Choice>,
    referents: Vec<Choice>,
    active: Vec<ActiveFilter>,
    sources: Vec<SourceLine>,
    on_map: Vec<OnMap>,
    drawn: Option<Drawn>,
    no_errors: FormErrors,
}

impl IndexPage {
    /// The page; `is_scoped` says that the person sees only some territories.
    #[expect(
        clippy::too_many_arguments,
        reason = "one argument for each query of the page"
    )]
    pub fn new(
        shell: Shell,
        inside: String,
        (is_scoped, detail): (bool, Detail),
        query: ListQuery,
        rows: Vec<TerritoryRow>,
        referents: Vec<Referent>,
        sources: Vec<SourceLine>,
        drawn: Option<Drawn>,
    ) -> Self {
        let referents: Vec<Choice> = referents
            .into_iter()
            .map(|r| Choice::new(r.id.to_string(), r.full_name))
            .collect();
        Self {
            shell,
            inside,
            is_scoped,
            detail,
            active: active_filters(&query, &referents, detail == Detail::ByPlace),
            orders: Order::offered(detail == Detail::ByPlace)
                .map(|(_, code, label)| Choice::new(*code, *label))
                .collect(),
            on_map: rows.iter().map(|row| row.on_map(detail)).collect(),
            query,
            rows,
            referents,
            sources,
            drawn,
            no_errors: FormErrors::new(),
        }
    }

    /// Whether the person sees the level of each place.
    fn shows_levels(&self) -> bool {
        self.detail == Detail::ByPlace
    }

    /// How alerts are counted for those who see no level, when they are counted.
    fn rule(&self) -> Option<&'static str> {
        (self.detail == Detail::Counts).then_some(ALERTS_PROTECTED)
    }

    fn order(&self) -> &'static str {
        Order::parse(&self.query.tri, self.shows_levels()).code()
    }

    fn caption(&self) -> String {
        let order = Order::parse(&self.query.tri, self.shows_levels());
        format!("Territoires et leurs cinq places, {}", order.in_words())
    }

    fn held(&self) -> usize {
        self.rows.iter().map(|row| row.slots.len()).sum()
    }

    fn places(&self) -> usize {
        self.rows.len() * PLACES
    }

    fn municipalities(&self) -> i32 {
        self.rows.iter().map(|row| row.municipalities_inside).sum()
    }

    fn population(&self) -> i32 {
        self.rows.iter().map(|row| row.population_inside).sum()
    }

    fn has_crossing(&self) -> bool {
        self.rows.iter().any(TerritoryRow::crosses_border)
    }

    /// Whether the list was asked for otherwise than plain.
    fn is_adjusted(&self) -> bool {
        !self.active.is_empty()
            || Order::parse(&self.query.tri, self.shows_levels())
                != Order::plain(self.shows_levels())
    }

    fn tiles(&self) -> Vec<Tile<'_>> {
        map::tiles(&self.on_map)
    }

    fn drawing(&self) -> Option<Drawing<'_>> {
        let drawn = self.drawn.as_ref()?;
        map::drawing(&drawn.view_box, drawn.scale, &drawn.contours, &self.on_map)
    }
}

fn active_filters(query: &ListQuery, referents: &[Choice], sees_levels: bool) -> Vec<ActiveFilter> {
    let name = query.q.trim();
    let referent = referents
        .iter()
        .find(|choice| choice.value == query.referent);
    let href = |kept: Option<(&str, &str)>| {
        let order = Order::parse(&query.tri, sees_levels);
        let order = (order != Order::plain(sees_levels)).then(|| ("tri", order.code()));
        let pairs: Vec<_> = kept
            .into_iter()
            .chain(order)
            .filter(|(_, v)| !v.is_empty())
            .collect();
        match serde_html_form::to_string(pairs) {
            Ok(query) if !query.is_empty() => format!("/territoires?{query}"),
            _ => "/territoires".to_owned(),
        }
    };
    let mut active = Vec::new();
    if !name.is_empty() {
        active.push(ActiveFilter {
            label: format!("Nom\u{a0}: {name}"),
            remove_href: href(Some(("referent", query.referent.as_str()))),
        });
    }
    if let Some(referent) = referent {
        active.push(ActiveFilter {
            label: format!("Référent\u{a0}: {}", referent.label),
            remove_href: href(Some(("q", name))),
        });
    }
    active
}

/// The communes of a territory.
#[derive(Debug, Template, WebTemplate)]
#[template(path = "territories/members.html")]
pub struct MembersPage {
    /// Frame.
    pub shell: Shell,
    /// « dans le Tarn »
    pub inside: String,
    /// Code of the département of the service.
    pub department: String,
    /// The territory.
    pub territory: TerritoryRow,
    /// Its communes.
    pub members: Vec<Member>,
    /// Where all this comes from.
    pub sources: Vec<SourceLine>,
}
