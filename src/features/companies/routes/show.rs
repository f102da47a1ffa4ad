//! The page of a company.

use axum::extract::{Path, Query, State};
use serde::Deserialize;

use crate::auth::Permission;
use crate::domain::Siren;
use crate::features::companies::queries::history::Seen;
use crate::features::companies::queries::{exchanges, history, page};
use crate::features::companies::views::dossiers::Dossiers;
use crate::features::companies::views::meetings::Met;
use crate::features::companies::views::notes::Notes;
use crate::features::companies::views::risk::RiskView;
use crate::features::companies::views::show::{CompanyPage, Parts};
use crate::web::{AppState, Db, Error, Result, Visit};

/// Establishments shown; one more is read to know whether there are others.
const ESTABLISHMENTS: i64 = 100;
/// Periods of the headcount series.
const PERIODS: i64 = 36;
/// Signals shown.
const SIGNALS: i64 = 100;
/// Workshops shown.
const WORKSHOPS: i64 = 20;
/// Events of the history.
const EVENTS: i64 = 100;
/// Meetings shown.
const MEETINGS: i64 = 5;

/// What narrows the page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ShowForm {
    /// A kind of events of the history.
    historique: String,
}

/// The company with everything known of it.
pub async fn show(
    visit: Visit,
    State(state): State<AppState>,
    mut db: Db,
    Path(siren): Path<String>,
    Query(form): Query<ShowForm>,
) -> Result<CompanyPage> {
    let siren = Siren::parse(&siren).map_err(|_| Error::NotFound)?;
    let siren = siren.as_str();
    let may_view_risk = visit.may(Permission::ViewRisk);
    let mut company = page::detail(&mut db, visit.scope(), siren, may_view_risk)
        .await?
        .ok_or(Error::NotFound)?;
    let risk = company.risk.take().map(|row| RiskView::new(row.0));
    let notes = if may_view_risk {
        let rows = page::notes(&mut db, siren, visit.today, SIGNALS).await?;
        Some(Notes::new(&visit, rows))
    } else {
        None
    };
    let reader = visit.may(Permission::LogMeetings).then_some((
        visit.may(Permission::ConductMeetings),
        visit.user.organisation_id,
    ));
    let seen = Seen {
        scope: visit.scope(),
        risk: may_view_risk,
        organisation_id: visit
            .may(Permission::ViewWorkshops)
            .then_some(visit.user.organisation_id),
        meetings: reader,
    };
    let family = history::FAMILIES
        .iter()
        .find(|(name, ..)| *name == form.historique);
    let prefix = family.map(|(_, prefix, _)| *prefix);
    let parts = Parts {
        establishments: page::establishments(&mut db, siren, ESTABLISHMENTS + 1).await?,
        headcounts: page::headcounts(&mut db, siren, PERIODS).await?,
        contacts: page::contacts(&mut db, siren).await?,
        events: history::events(&mut db, seen, siren, prefix, EVENTS).await?,
    };
    let shell = visit
        .shell("")
        .via("Accueil", "/")
        .via("Entreprises", "/entreprises");
    let mut view = CompanyPage::new(shell, company, parts);
    view.family = family.map_or("", |(name, ..)| *name);
    view.notes = notes;
    if seen.organisation_id.is_some() || reader.is_some() {
        let found =
            exchanges::last(&mut db, seen, siren, (MEETINGS, WORKSHOPS), visit.today).await?;
        view.workshops = found.workshops.0;
        if visit.may(Permission::MatchNeeds) {
            view.matched = Some(found.matched.0);
        }
        if visit.may(Permission::LinkSupply) {
            view.supply = Some(found.supply.0);
        }
        if visit.may(Permission::ViewPlans) {
            view.dossiers = Some(Dossiers::new(found.dossiers.map(|rows| rows.0)));
        }
        view.met = reader.map(|_| Met {
            rows: found.meetings.0,
        });
    }
    view.organisation_id = visit.user.organisation_id;
    view.may_conduct = visit.may(Permission::ConductMeetings);
    view.may_edit_contacts = visit.may(Permission::EditContacts);
    view.may_see_risk = may_view_risk;
    view.may_read_social = visit.may(Permission::ViewSocial);
    view.has_pdf = state.pdf.is_available();
    view.risk = risk;
    if may_view_risk {
        view.show_alert(visit.may(Permission::HandleAlerts));
    }
    view.may_choose = visit.may(Permission::ManageKeyCompanies);
    Ok(view)
}
