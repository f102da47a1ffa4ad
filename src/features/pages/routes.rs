//! Routes of the pages that read no table.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};

use super::style::{Samples, StylePage};
use super::views::{
    AccessibilityPage, HelpPage, HelpVerbPage, LegalPage, LegalSettings, PrivacyPage, SiteMapPage,
    SiteSection,
};
use super::{guide, help};
use crate::auth::{Access, Permission};
use crate::platform::config::Config;
use crate::web::{AppState, Error, Result, Routes, Visit, Visitor};

/// Mounts the pages.
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/accessibilite", Access::Public, accessibility)
        .get("/mentions-legales", Access::Public, legal)
        .get("/donnees-personnelles", Access::Public, privacy)
        .get("/plan-du-site", Access::Public, site_map)
        .get("/aide", Access::Public, help)
        .get("/aide/{verbe}", Access::Public, help_verb)
        .post("/premiers-pas/masquer", Access::SignedIn, guide::hide)
        .get("/style", Access::Needs(Permission::Administer), style)
}

fn settings(config: &Config) -> LegalSettings {
    let organisation = &config.organisation;
    LegalSettings {
        organisation: organisation.name.clone(),
        address: organisation.address.clone(),
        contact: organisation.contact_email.clone(),
        publication_director: organisation.publication_director.clone(),
        host_name: organisation.hosting_provider.clone(),
        dpo: organisation.dpo_email.clone(),
        ..LegalSettings::default()
    }
}

fn show(page: &impl Template) -> Result {
    Ok(Html(page.render().map_err(Error::internal)?).into_response())
}

async fn accessibility(visitor: Visitor, State(state): State<AppState>) -> Result {
    let shell = visitor
        .shell("Accessibilité")
        .via("Accueil", "/")
        .at("Accessibilité");
    show(&AccessibilityPage {
        shell,
        legal: settings(&state.config),
    })
}

async fn legal(visitor: Visitor, State(state): State<AppState>) -> Result {
    let shell = visitor
        .shell("Mentions légales")
        .via("Accueil", "/")
        .at("Mentions légales");
    show(&LegalPage {
        shell,
        legal: settings(&state.config),
    })
}

async fn privacy(visitor: Visitor, State(state): State<AppState>) -> Result {
    let title = "Données personnelles";
    let shell = visitor.shell(title).via("Accueil", "/").at(title);
    show(&PrivacyPage {
        shell,
        legal: settings(&state.config),
    })
}

async fn help(visitor: Visitor, State(state): State<AppState>) -> Result {
    let shell = visitor.shell("Aide").via("Accueil", "/").at("Aide");
    show(&HelpPage {
        shell,
        legal: settings(&state.config),
        verbs: help::verbs(visitor.user.as_ref()),
        is_signed_in: visitor.user.is_some(),
    })
}

async fn help_verb(visitor: Visitor, Path(slug): Path<String>) -> Result {
    let mut others = help::verbs(visitor.user.as_ref());
    let place = others.iter().position(|verb| verb.slug == slug);
    let verb = others.remove(place.ok_or(Error::NotFound)?);
    let shell = visitor
        .shell(format!("Aide\u{a0}: {}", verb.title.to_lowercase()))
        .via("Accueil", "/")
        .via("Aide", "/aide")
        .at(verb.title);
    show(&HelpVerbPage {
        shell,
        verb,
        others,
    })
}

async fn site_map(visitor: Visitor, State(state): State<AppState>) -> Result {
    let shell = visitor
        .shell("Plan du site")
        .via("Accueil", "/")
        .at("Plan du site");
    show(&SiteMapPage {
        shell,
        sections: sections(&visitor, &state),
    })
}

fn sections(visitor: &Visitor, state: &AppState) -> Vec<SiteSection> {
    let link = |label: &str, href: &str| (label.to_owned(), href.to_owned());
    let mut sections = Vec::new();
    if let Some(user) = &visitor.user {
        let open = state.nav.iter().filter(|entry| user.may(entry.permission));
        let mut links: Vec<(String, String)> =
            open.map(|entry| link(entry.label, entry.href)).collect();
        links.push(link("Mon compte", "/compte"));
        links.push(link("Fiche du modèle", "/modele"));
        if user.may(Permission::ViewTerritories) {
            links.push(link("Recherche", "/recherche"));
        }
        if user.may(Permission::MatchNeeds) {
            links.push(link("Mises en relation", "/mises-en-relation"));
        }
        if user.may(Permission::Administer) {
            links.push(link("Composants d’interface", "/style"));
        }
        sections.push(SiteSection {
            title: "Travail".to_owned(),
            links,
        });
    } else {
        let links = vec![
            link("Se connecter", "/connexion"),
            link("Mot de passe oublié", "/mot-de-passe-oublie"),
        ];
        sections.push(SiteSection {
            title: "Accès".to_owned(),
            links,
        });
    }
    sections.push(SiteSection {
        title: "À propos".to_owned(),
        links: vec![
            link("Aide", "/aide"),
            link("Accessibilité", "/accessibilite"),
            link("Mentions légales", "/mentions-legales"),
            link("Données personnelles", "/donnees-personnelles"),
        ],
    });
    sections
}

async fn style(visit: Visit) -> Result<Response> {
    let shell = visit
        .shell("Composants d’interface")
        .via("Accueil", "/")
        .at("Composants");
    let samples = Samples::default();
    show(&StylePage::new(shell, visit.today, &samples).map_err(|_| Error::NotFound)?)
}
