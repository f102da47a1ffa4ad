//! The routes of mails that one gets and of one's calendar.

use super::{agenda, choices, stop};
use crate::auth::Access;
use crate::web::Routes;

/// Every route of the feature.
pub fn routes(routes: Routes) -> Routes {
    let mine = Access::SignedIn;
    routes
        .get("/compte/courriels", mine, choices::show)
        .post("/compte/courriels", mine, choices::update)
        .get("/compte/courriels/apercu", mine, choices::preview)
        .post("/compte/agenda", mine, agenda::renew)
        .post("/compte/agenda/arreter", mine, agenda::stop)
        .get("/calendrier/{file}", Access::Public, agenda::feed)
        .get("/courriels/arret/{token}", Access::Public, stop::ask)
        .post("/courriels/arret/{token}", Access::Public, stop::carry_out)
}
