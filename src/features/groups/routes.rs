//! Pages of groups.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use sqlx::PgConnection;
use uuid::Uuid;

use super::forms::{Chosen, Join, JoinForm, LeaveForm};
use super::queries;
use super::views::{GroupPage, MembershipPage};
use crate::auth::Access::Needs;
use crate::auth::Permission::{ManageKeyCompanies, ViewCompanies, ViewRisk};
use crate::domain::Siren;
use crate::features::companies::queries::identity::{self, CompanyName};
use crate::web::forms::FormErrors;
use crate::web::{Db, Error, Result, Routes, Submitted, Tx, Visit};

/// The routes of groups.
pub fn routes(routes: Routes) -> Routes {
    let edit = Needs(ManageKeyCompanies);
    routes
        .get("/groupes/{id}", Needs(ViewCompanies), show)
        .get("/entreprises/{siren}/groupe", edit, edit_membership)
        .post("/entreprises/{siren}/groupe", edit, join)
        .post("/entreprises/{siren}/groupe/quitter", edit, leave)
}

async fn company(conn: &mut PgConnection, visit: &Visit, siren: &str) -> Result<CompanyName> {
    let siren = Siren::parse(siren).map_err(|_| Error::NotFound)?;
    identity::company(conn, visit.scope(), siren.as_str())
        .await?
        .ok_or(Error::NotFound)
}

async fn show(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<GroupPage> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let may_view_risk = visit.may(ViewRisk);
    let group = queries::group(&mut db, visit.scope(), id, may_view_risk)
        .await?
        .ok_or(Error::NotFound)?;
    let members = queries::members(&mut db, visit.scope(), id, may_view_risk).await?;
    Ok(GroupPage::new(&visit, group, members, may_view_risk))
}

async fn page(
    conn: &mut PgConnection,
    visit: &Visit,
    company: &CompanyName,
) -> Result<MembershipPage> {
    let current = queries::membership(conn, &company.siren).await?;
    let names = match current {
        Some(_) => Vec::new(),
        None => queries::names(conn).await?,
    };
    Ok(MembershipPage::new(visit, company, current, names))
}

async fn edit_membership(
    visit: Visit,
    mut db: Db,
    Path(siren): Path<String>,
) -> Result<MembershipPage> {
    let company = company(&mut db, &visit, &siren).await?;
    page(&mut db, &visit, &company).await
}

async fn join(
    visit: Visit,
    mut tx: Tx,
    Path(siren): Path<String>,
    submitted: Submitted<JoinForm>,
) -> Result<Response> {
    let company = company(&mut tx, &visit, &siren).await?;
    if submitted.is_resumed {
        let page = page(&mut tx, &visit, &company).await?;
        let errors = submitted.first_errors();
        return Ok(page
            .with_join(submitted.form)
            .refused(StatusCode::OK, errors));
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let new = match submitted.form.parse() {
        Ok(new) => new,
        Err(errors) => {
            let page = page(&mut tx, &visit, &company).await?;
            return Ok(page
                .with_join(submitted.form)
                .refused(StatusCode::UNPROCESSABLE_ENTITY, errors));
        }
    };
    let group_id = find_or_create(&mut tx, &visit, &new).await?;
    let Some(group_id) = group_id else {
        let page = page(&mut tx, &visit, &company).await?;
        let mut errors = FormErrors::new();
        errors.add(
            "groupe",
            "Ce groupe n’existe pas ou plus\u{a0}: choisissez-en un autre dans la liste.",
        );
        return Ok(page
            .with_join(submitted.form)
            .refused(StatusCode::UNPROCESSABLE_ENTITY, errors));
    };
    let who = &visit.user.name;
    if !queries::join(
        &mut tx,
        (group_id, &company.siren),
        &new.source,
        who,
        visit.today,
    )
    .await?
    {
        return Err(Error::Conflict(ALREADY.to_owned()));
    }
    if new.is_head {
        queries::set_head(&mut tx, group_id, &company.siren).await?;
    }
    tx.finish(
        submitted.key,
        &format!("/groupes/{group_id}"),
        "Entreprise rattachée au groupe.",
    )
    .await
}

/// A new name that is known already is that group: two people who type it make one group.
async fn find_or_create(
    conn: &mut PgConnection,
    visit: &Visit,
    new: &Join,
) -> sqlx::Result<Option<Uuid>> {
    match &new.group {
        Chosen::Known(id) => Ok(queries::exists(conn, *id).await?.then_some(*id)),
        Chosen::New(name) => match queries::create(conn, name, visit.now).await? {
            Some(id) => Ok(Some(id)),
            None => queries::by_name(conn, name).await,
        },
    }
}

const ALREADY: &str = "Cette entreprise appartient déjà à un groupe\u{a0}: une autre personne vient de l’y rattacher. \
     Rouvrez sa page, puis retirez-la de ce groupe si c’est une erreur.";

async fn leave(
    visit: Visit,
    mut tx: Tx,
    Path(siren): Path<String>,
    submitted: Submitted<LeaveForm>,
) -> Result<Response> {
    let company = company(&mut tx, &visit, &siren).await?;
    if submitted.is_resumed {
        let page = page(&mut tx, &visit, &company).await?;
        let errors = submitted.first_errors();
        return Ok(page
            .with_leave(submitted.form)
            .refused(StatusCode::OK, errors));
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let motive = match submitted.form.parse() {
        Ok(motive) => motive,
        Err(errors) => {
            let page = page(&mut tx, &visit, &company).await?;
            return Ok(page
                .with_leave(submitted.form)
                .refused(StatusCode::UNPROCESSABLE_ENTITY, errors));
        }
    };
    let membership: Uuid = submitted
        .form
        .appartenance
        .parse()
        .map_err(|_| Error::NotFound)?;
    let who = &visit.user.name;
    if !queries::leave(
        &mut tx,
        (&company.siren, membership),
        &motive,
        who,
        visit.today,
    )
    .await?
    {
        return Err(Error::Conflict(LEFT.to_owned()));
    }
    tx.finish(
        submitted.key,
        &format!("/entreprises/{}", company.siren),
        "Entreprise retirée de son groupe.",
    )
    .await
}

const LEFT: &str = "Cette entreprise n’est plus dans ce groupe\u{a0}: une autre personne vient de l’en retirer. \
     Rouvrez sa page pour voir où elle en est.";
