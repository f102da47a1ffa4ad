//! The only file that names every feature: routes, menu, layers, jobs.

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;

use crate::auth::Permission;
use crate::features::{self, accounts};
use crate::platform::jobs::{self, Registry};
use crate::platform::mail::outbox;
use crate::platform::{health, limits, server, submissions, telemetry};
use crate::web::routes::Route;
use crate::web::state::NavEntry;
use crate::web::{AppState, Error, Routes, assets, error, request, security};

/// The main menu, in order; each person sees the entries that their role opens.
pub const NAV: &[NavEntry] = &[
    NavEntry {
        label: "Accueil",
        href: "/",
        permission: Permission::ViewCompanies,
    },
    NavEntry {
        label: "Indicateurs",
        href: "/indicateurs",
        permission: Permission::ViewIndicators,
    },
    NavEntry {
        label: "Territoires",
        href: "/territoires",
        permission: Permission::ViewTerritories,
    },
    NavEntry {
        label: "Entreprises",
        href: "/entreprises",
        permission: Permission::ViewCompanies,
    },
    NavEntry {
        label: "Rencontres",
        href: "/rencontres",
        permission: Permission::LogMeetings,
    },
    NavEntry {
        label: "Actions",
        href: "/actions",
        permission: Permission::ViewPlans,
    },
    NavEntry {
        label: "Partenaires",
        href: "/organismes",
        permission: Permission::ViewPartners,
    },
    NavEntry {
        label: "Alertes",
        href: "/alertes",
        permission: Permission::HandleAlerts,
    },
    NavEntry {
        label: "Ateliers",
        href: "/ateliers",
        permission: Permission::ViewWorkshops,
    },
    NavEntry {
        label: "Imports",
        href: "/imports",
        permission: Permission::ManageImports,
    },
    NavEntry {
        label: "Critères",
        href: "/reglages/criteres",
        permission: Permission::ManageKeyCompanies,
    },
    NavEntry {
        label: "Utilisateurs",
        href: "/utilisateurs",
        permission: Permission::ManageUsers,
    },
    NavEntry {
        label: "Courriels",
        href: "/reglages/courriels",
        permission: Permission::Administer,
    },
    NavEntry {
        label: "Journal",
        href: "/journal",
        permission: Permission::Administer,
    },
];

fn routes(state: &AppState) -> Routes {
    Routes::new(state)
        .with(features::pages::routes)
        .with(features::territories::routes)
        .with(features::organisations::routes)
        .with(features::accounts::routes)
        .with(features::mails::routes)
        .with(features::social::routes)
        .with(features::imports::routes)
        .with(features::companies::routes)
        .with(features::contacts::routes)
        .with(features::sheets::routes)
        .with(features::model_card::routes)
        .with(features::home::routes)
        .with(features::key_companies::routes)
        .with(features::workshops::routes)
        .with(features::facts::routes)
        .with(features::signals::routes)
        .with(features::supply::routes)
        .with(features::groups::routes)
        .with(features::meetings::routes)
        .with(features::plans::routes)
        .with(features::matching::routes)
        .with(features::alerts::routes)
        .with(features::indicators::routes)
        .with(features::search::routes)
        .with(features::notifications::routes)
}

/// Every route and who may pass, for the access matrix.
pub fn route_table(state: &AppState) -> Vec<Route> {
    routes(state).finish().1
}

/// The whole site, as production and the tests use it. The last layer is the first met.
pub fn router(state: AppState) -> Router {
    let (pages, _) = routes(&state).finish();
    let site = pages
        .route("/static/{file}", get(assets::serve))
        .merge(health::router(state.pool.clone(), state.shutdown.clone()))
        .fallback(|| async { Error::NotFound })
        .layer(DefaultBodyLimit::max(limits::FORM_BYTES))
        .layer(CatchPanicLayer::new())
        .layer(CsrfLayer::new());
    server::wrap(site, server::Limits::default())
        .layer(from_fn_with_state(state.clone(), error::render))
        .layer(from_fn_with_state(state.clone(), security::known_host))
        .layer(from_fn_with_state(state.clone(), security::headers))
        .layer(from_fn_with_state(state.clone(), request::identify))
        .layer(from_fn(telemetry::observe))
        .with_state(state)
}

/// On start: what a dead process left half-way is put right, or told.
pub async fn recover(state: &AppState) {
    features::imports::recover(state).await;
}

/// Every kind of job.
pub fn jobs(state: &AppState) -> Registry {
    let registry = outbox::handle(
        Registry::default(),
        &state.pool,
        &state.mailer,
        &state.clock,
    );
    let registry = accounts::jobs::register(registry, state);
    let registry = features::workshops::register(registry, state);
    let state = state.clone();
    registry.on(UPKEEP, move |_, ()| upkeep(state.clone()))
}

/// Job that removes what is kept no longer than it serves.
const UPKEEP: &str = "upkeep";

/// What time brings: every two seconds, companies that something new is known of are scored again;
/// every minute, imports whose worker died are told so and people get the mails of what is new; at each start and then every hour, the upkeep
/// is asked for (several nodes ask for one). Ends with the program.
pub async fn schedule(state: &AppState) {
    let mut moments = tokio::time::interval(Duration::from_secs(2));
    let mut minutes = tokio::time::interval(Duration::from_mins(1));
    let mut hours = tokio::time::interval(Duration::from_hours(1));
    loop {
        let done = tokio::select! {
            _ = moments.tick() => score_again(state).await,
            _ = minutes.tick() => each_minute(state).await,
            _ = hours.tick() => ask_for_upkeep(state).await,
            () = state.shutdown.draining() => return,
        };
        if let Err(error) = done {
            tracing::warn!(%error, "a scheduled task could not be done");
        }
    }
}

/// A new fact scores its company at once.
async fn score_again(state: &AppState) -> sqlx::Result<()> {
    let mut conn = state.pool.acquire().await?;
    let (today, now) = (state.clock.today(), state.clock.now());
    features::alerts::run::catch_up(&mut conn, today, now).await?;
    Ok(())
}

/// Imports whose worker died are told so; people are told what is new.
async fn each_minute(state: &AppState) -> sqlx::Result<()> {
    let mut conn = state.pool.acquire().await?;
    features::imports::tell_interrupted(&mut conn).await?;
    drop(conn);
    if let Err(error) = features::notifications::run::tick(state).await {
        tracing::warn!(%error, "what is new could not be told");
    }
    Ok(())
}

async fn ask_for_upkeep(state: &AppState) -> sqlx::Result<()> {
    let mut conn = state.pool.acquire().await?;
    jobs::enqueue_once(&mut conn, UPKEEP, UPKEEP, &(), state.clock.now()).await?;
    Ok(())
}

async fn upkeep(state: AppState) -> Result<(), jobs::Failure> {
    let mut conn = state.pool.acquire().await?;
    let (today, now) = (state.clock.today(), state.clock.now());
    // Before the score: what may no longer be read is no longer counted.
    let forgotten = features::social::run::expire(&mut conn, today, now).await?;
    let woken_alerts = features::alerts::run::wake(&mut conn, today, now).await?;
    let purged = accounts::upkeep::purge(&mut conn, state.session_limits(), now).await?;
    let submissions = submissions::purge(&mut conn, now).await?;
    let mails = outbox::purge(&mut conn, now).await?;
    features::notifications::run::purge(&mut conn, now).await?;
    let undone_meetings = features::meetings::purge(&mut conn, now).await?;
    let scored = features::alerts::run::once_a_day(&mut conn, today, now).await?;
    features::indicators::snapshots::catch_up(&mut conn, today, now).await?;
    features::indicators::queries::forget_changes(&mut conn).await?;
    let rejected_lines = features::imports::purge(&mut conn, now).await?;
    // Last, and without a connection: it waits for a store that may be slow.
    drop(conn);
    let objects = features::plans::sweep(&state).await?;
    tracing::info!(
        ?purged,
        submissions,
        mails,
        undone_meetings,
        rejected_lines,
        forgotten,
        woken_alerts,
        scored,
        objects,
        "upkeep"
    );
    Ok(())
}
