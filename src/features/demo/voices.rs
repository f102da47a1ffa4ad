//! What people say in the demonstration: signals, views on a level, a group.

use chrono::{Days, Months, NaiveDate};
use sqlx::PgConnection;

use super::Failure;
use super::cast::{self, Cast, Part};
use crate::auth::users::StaffMember;
use crate::features::groups::queries as groups;
use crate::features::signals::queries::{self as signals, Author, NewSignal, NewView};
use crate::platform::clock::Clock;
use crate::scoring::flags::RedFlag;
use crate::scoring::retained::Shift;

/// Name of the group.
const GROUP: &str = "Groupe EXEMPLE du Plateau";

/// Signals: on whom, what, seen how many days ago, and what shows it.
const SIGNALS: [(Part, RedFlag, u64, &str); 4] = [
    (
        cast::WATCHED,
        RedFlag::ClientLoss,
        26,
        "Le premier client, un tiers des ventes, a annoncé la fin de son contrat.",
    ),
    (
        cast::WATCHED,
        RedFlag::FewerOrders,
        19,
        "Carnet de commandes à six semaines au lieu de douze, selon la direction.",
    ),
    (
        cast::WORRYING,
        RedFlag::ManagerLeaving,
        40,
        "Le dirigeant part à la retraite au printemps, sans repreneur à ce jour.",
    ),
    (
        cast::TALKED_OF,
        RedFlag::FewerOrders,
        12,
        "Deux semaines de chômage partiel annoncées pour le début d’année.",
    ),
];

/// Views on the level: on whom, which way, and why.
const VIEWS: [(Part, Shift, &str); 2] = [
    (
        cast::RAISED,
        Shift::Up,
        "Visite du site\u{a0}: deux machines arrêtées et un bail que le propriétaire ne renouvelle pas.",
    ),
    (
        cast::LOWERED,
        Shift::Down,
        "Augmentation de capital signée après la clôture, acte vu chez le notaire.",
    ),
];

/// States them all.
pub async fn speak(
    conn: &mut PgConnection,
    staff: &StaffMember,
    cast: &Cast<'_>,
    clock: &Clock,
) -> Result<(), Failure> {
    let (today, now) = (clock.today(), clock.now());
    let author = Author {
        id: staff.id,
        name: &staff.full_name,
    };
    let expires_on = after(today, Months::new(5));
    for (part, flag, days, motive) in SIGNALS {
        let Some(site) = cast.site(part) else {
            continue;
        };
        let signal = NewSignal {
            flag,
            motive: motive.to_owned(),
            observed_on: today - Days::new(days),
            expires_on,
        };
        signals::insert(conn, &site.siret[..9], &signal, author, now).await?;
    }
    for (part, shift, motive) in VIEWS {
        let Some(site) = cast.site(part) else {
            continue;
        };
        let view = NewView {
            shift,
            motive: motive.to_owned(),
            expires_on,
        };
        signals::give_view(conn, &site.siret[..9], &view, author, today).await?;
    }
    let Some(group) = groups::create(conn, GROUP, now).await? else {
        return Ok(());
    };
    for part in std::iter::once(cast::HEAD).chain(cast::MEMBERS) {
        let Some(site) = cast.site(part) else {
            continue;
        };
        let siren = &site.siret[..9];
        let source = "Organigramme remis par la direction du groupe (inventé)";
        groups::join(conn, (group, siren), source, author.name, today).await?;
        if part == cast::HEAD {
            groups::set_head(conn, group, siren).await?;
        }
    }
    Ok(())
}

fn after(day: NaiveDate, months: Months) -> NaiveDate {
    day.checked_add_months(months).unwrap_or(NaiveDate::MAX)
}
