//! `/territoires` and the communes of a territory. The page of a territory itself belongs to
//! `key_companies`, which shows its five places.

use axum::extract::{Path, Query, State};
use serde::Deserialize;

use super::model::{Order, inside_in_words};
use super::queries::{self, Filter};
use super::views::{IndexPage, MembersPage};
use crate::auth::{Access, Permission};
use crate::domain::Siren;
use crate::web::levels::Detail;
use crate::web::{AppState, Db, Error, Result, Routes, Visit};

/// The routes of the feature.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    let access = Access::Needs(Permission::ViewTerritories);
    routes
        .get("/territoires", access, index)
        .get("/territoires/{siren}/communes", access, members)
}

/// The list's address: part of a name, a referent, an order.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    /// Part of the name of a territory or of one of its communes.
    pub q: String,
    /// `users.id` of a referent.
    pub referent: String,
    /// Code of an [`Order`].
    pub tri: String,
}

impl ListQuery {
    fn filter(&self) -> Filter {
        let name = self.q.trim();
        Filter {
            name: (!name.is_empty()).then(|| name.to_owned()),
            referent: self.referent.parse().ok(),
            ..Filter::default()
        }
    }
}

async fn index(
    visit: Visit,
    State(state): State<AppState>,
    mut db: Db,
    Query(query): Query<ListQuery>,
) -> Result<IndexPage> {
    let department = &state.config.department;
    let detail = visit.level_detail();
    // Alerts by territory tell who is in alert to those who may not know it.
    let sees_levels = detail == Detail::ByPlace;
    let filter = Filter {
        with_alerts: sees_levels,
        ..query.filter()
    };
    let mut rows = queries::territories(&mut db, visit.scope(), department, &filter).await?;
    Order::parse(&query.tri, sees_levels).sort(&mut rows);
    let referents = queries::referents(&mut db, visit.scope()).await?;
    let sources = queries::sources(&mut db, department).await?;
    let drawn = queries::contours(&mut db).await?;
    Ok(IndexPage::new(
        visit.shell("Territoires"),
        inside_in_words(&state.config.organisation.name),
        (visit.scope().is_some(), detail),
        query,
        rows,
        referents,
        sources,
        drawn,
    ))
}

async fn members(
    visit: Visit,
    State(state): State<AppState>,
    mut db: Db,
    Path(siren): Path<String>,
) -> Result<MembersPage> {
    let siren = Siren::parse(&siren).map_err(|_| Error::NotFound)?;
    let department = &state.config.department;
    let territory = queries::territory(&mut db, visit.scope(), department, siren.as_str())
        .await?
        .ok_or(Error::NotFound)?;
    let members = queries::members(&mut db, visit.scope(), siren.as_str()).await?;
    let sources = queries::sources(&mut db, department).await?;
    let title = format!("Communes\u{a0}: {}", territory.name);
    Ok(MembersPage {
        shell: visit
            .shell(title)
            .via("Territoires", "/territoires")
            .via(&territory.name, format!("/territoires/{}", territory.siren))
            .at("Communes"),
        inside: inside_in_words(&state.config.organisation.name),
        department: department.clone(),
        territory,
        members,
        sources,
    })
}
