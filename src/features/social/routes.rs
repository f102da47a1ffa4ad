//! Addresses of the settings and of the reading.

mod company;
mod settings;

use crate::auth::Access::{Needs, SignedIn};
use crate::auth::Permission::Administer;
use crate::web::Routes;

/// Path of the settings.
pub const SETTINGS_PATH: &str = "/reglages/donnees-sociales";

/// The settings for the administration; the reading decides by itself, since it tells the audit of
/// every visit, refused ones too.
pub fn routes(routes: Routes) -> Routes {
    let admin = Needs(Administer);
    routes
        .get(SETTINGS_PATH, admin, settings::show)
        .post(SETTINGS_PATH, admin, settings::activate)
        .get(
            "/reglages/donnees-sociales/desactiver",
            admin,
            settings::ask_end,
        )
        .post(
            "/reglages/donnees-sociales/desactiver",
            admin,
            settings::end,
        )
        .post(
            "/reglages/donnees-sociales/lecteurs",
            admin,
            settings::grant,
        )
        .post(
            "/reglages/donnees-sociales/lecteurs/{id}/retirer",
            admin,
            settings::revoke,
        )
        .get(
            "/entreprises/{siren}/donnees-sociales",
            SignedIn,
            company::show,
        )
}
