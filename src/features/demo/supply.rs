//! Invented links between suppliers and customers, so that « what if it closed » has something to tell.

use chrono::Days;
use sqlx::PgConnection;

use super::cast::Cast;
use super::portfolio::Site;
use super::{Failure, queries};
use crate::auth::users::StaffMember;
use crate::domain::supply::Dependence;
use crate::features::supply::queries::{self as supply, Author, End, Ending, NewLink};
use crate::platform::clock::Clock;

/// How much one depends on the other: a code and a part in percent.
type Depends = (Option<&'static str>, Option<i16>);

const UNSAID: Depends = (None, None);

/// An end: the biggest company of a trade, or one from elsewhere, by its name.
enum Who {
    Trade(&'static str),
    Named(&'static str),
}

use Who::{Named, Trade};

/// Trade of the supplier, its customer, what it supplies, how much each depends on the other, who says so,
/// days since.
type Said = (
    &'static str,
    Who,
    &'static str,
    [Depends; 2],
    &'static str,
    u64,
);

const SAID: [Said; 15] = [
    (
        "MÉCANIQUE DE PRÉCISION",
        Trade("STRUCTURES AÉRONAUTIQUES"),
        "des pièces usinées",
        [(Some("strong"), Some(55)), (Some("weak"), Some(6))],
        "supplier",
        40,
    ),
    (
        "TRANSPORTS",
        Trade("VERRERIE D’EMBALLAGE"),
        "le transport de palettes",
        [(Some("strong"), Some(45)), UNSAID],
        "supplier",
        35,
    ),
    (
        "CHAUDRONNERIE",
        Trade("VERRERIE D’EMBALLAGE"),
        "l’entretien des fours",
        [(Some("medium"), None), (Some("medium"), None)],
        "estimate",
        28,
    ),
    (
        "PLASTURGIE",
        Trade("COSMÉTIQUE"),
        "des flacons et des bouchons",
        [(Some("strong"), Some(60)), (Some("medium"), Some(20))],
        "supplier",
        52,
    ),
    (
        "IMPRIMERIE",
        Trade("COSMÉTIQUE"),
        "des étuis imprimés",
        [(Some("medium"), Some(25)), UNSAID],
        "customer",
        52,
    ),
    (
        "DÉLAINAGE",
        Trade("TISSAGE"),
        "de la laine lavée",
        [(Some("strong"), Some(70)), (Some("strong"), Some(50))],
        "supplier",
        18,
    ),
    (
        "FILATURE DE LA VALLÉE",
        Trade("TEXTILE TECHNIQUE"),
        "du fil",
        [(Some("medium"), Some(30)), (Some("strong"), Some(40))],
        "customer",
        63,
    ),
    (
        "TEXTILE TECHNIQUE",
        Trade("STRUCTURES AÉRONAUTIQUES"),
        "des tissus techniques",
        [(Some("weak"), Some(8)), UNSAID],
        "supplier",
        63,
    ),
    (
        "SCIERIE",
        Trade("MEUBLES D’ART"),
        "du bois débité",
        [(Some("medium"), None), UNSAID],
        "estimate",
        75,
    ),
    (
        "ABATTOIR DE PROXIMITÉ",
        Trade("SALAISONS DE MONTAGNE"),
        "de la viande",
        [(Some("strong"), Some(50)), (Some("medium"), Some(30))],
        "supplier",
        22,
    ),
    (
        "EMBALLAGE CARTON",
        Trade("AGROALIMENTAIRE DE LA PLAINE"),
        "des cartons",
        [(Some("weak"), None), UNSAID],
        "estimate",
        90,
    ),
    (
        "CARRIÈRE",
        Trade("GRANIT DU PLATEAU"),
        "des blocs bruts",
        [(Some("strong"), Some(65)), (Some("medium"), None)],
        "supplier",
        31,
    ),
    (
        "TRANSPORTS",
        Trade("AIL ROSE"),
        "des tournées de ramassage",
        [UNSAID, (Some("weak"), None)],
        "customer",
        12,
    ),
    (
        "STRUCTURES AÉRONAUTIQUES",
        Named("EXEMPLE Donneur d’ordres aéronautique (Toulouse)"),
        "des sous-ensembles de voilure",
        [(Some("strong"), Some(70)), UNSAID],
        "supplier",
        40,
    ),
    (
        "PRINCIPES ACTIFS",
        Named("EXEMPLE Laboratoire pharmaceutique (Lyon)"),
        "des principes actifs",
        [(Some("medium"), Some(35)), UNSAID],
        "supplier",
        47,
    ),
];

/// One that is over: supplier, customer, what was supplied, why it ended.
const OVER: (&str, &str, &str, &str) = (
    "TRANSPORTS",
    "COSMÉTIQUE",
    "des livraisons en Europe",
    "Contrat repris par un transporteur national au printemps.",
);

/// Notes them.
pub async fn link(
    conn: &mut PgConnection,
    staff: &StaffMember,
    cast: &Cast<'_>,
    clock: &Clock,
) -> Result<(), Failure> {
    let by = Author {
        id: staff.id,
        name: &staff.full_name,
        organisation: queries::organisation_of(conn, staff.id).await?,
        council: true,
    };
    for (supplier, customer, goods, [supplies, buys], basis, days) in &SAID {
        let Some((supplier, customer)) = ends(cast, supplier, customer) else {
            continue;
        };
        let said_on = clock.today() - Days::new(*days);
        let new = NewLink {
            supplies: true,
            goods: (*goods).to_owned(),
            supplier: Dependence::of(supplies.0, supplies.1),
            customer: Dependence::of(buys.0, buys.1),
            basis,
            said_on,
            seen_since: None,
        };
        supply::insert(conn, (supplier, &customer), &new, by, clock.now()).await?;
    }
    let (supplier, customer, goods, reason) = OVER;
    let Some((supplier, customer)) = ends(cast, supplier, &Trade(customer)) else {
        return Ok(());
    };
    let new = NewLink {
        supplies: true,
        goods: goods.to_owned(),
        supplier: Dependence::of(Some("medium"), None),
        customer: Dependence::default(),
        basis: "estimate",
        said_on: clock.today() - Days::new(200),
        seen_since: None,
    };
    let id = supply::insert(conn, (supplier, &customer), &new, by, clock.now()).await?;
    let ending = Ending {
        on: clock.today() - Days::new(60),
        reason: reason.to_owned(),
    };
    supply::end(conn, (id, 1), &ending, by.name).await?;
    Ok(())
}

/// The SIREN of the supplier, of the customer's territory when it has one, and its customer; none when a small
/// département has no such trade.
fn ends<'a>(cast: &Cast<'a>, supplier: &str, customer: &Who) -> Option<(&'a str, End)> {
    let (near, end) = match customer {
        Trade(trade) => {
            let site = biggest(cast, trade, None)?;
            (
                Some(site.territory.as_str()),
                End::Known(site.siret[..9].to_owned()),
            )
        }
        Named(name) => (None, End::Named((*name).to_owned())),
    };
    let site = biggest(cast, supplier, near)?;
    Some((&site.siret[..9], end))
}

/// The biggest company of a trade, near by before anywhere.
fn biggest<'a>(cast: &Cast<'a>, trade: &str, near: Option<&str>) -> Option<&'a Site> {
    let all = cast.territories().iter().flatten().copied();
    all.filter(|site| site.trade.words == trade)
        .max_by_key(|site| (near == Some(site.territory.as_str()), site.jobs))
}
