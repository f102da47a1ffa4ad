//! A company enters a place: what is checked, and what is written.

use sqlx::PgConnection;
use uuid::Uuid;

use super::history::{Told, tell};
use super::{Choice, Done, Entered, Refusal, Signature, check_motive, check_referent};

/// What can be checked before anyone waits for the territory's lock.
pub(super) async fn check_entry(
    conn: &mut PgConnection,
    by: &Signature,
    choice: &Choice,
) -> Done<()> {
    check_motive(&choice.motive)?;
    if choice.entered_on > by.today {
        return Err(Refusal::DateToCome);
    }
    check_referent(conn, choice.referent_id).await?;
    check_establishment(conn, choice).await?;
    check_not_key(conn, choice).await?;
    Ok(())
}

/// Writes the entry. The territory is locked; the places and the company are looked at once more.
pub(super) async fn enter(
    conn: &mut PgConnection,
    by: &Signature,
    choice: &Choice,
    id: Uuid,
) -> Done<Entered> {
    let siren = choice.siret.get(..9).unwrap_or_default();
    let is_group_site = check_not_key(conn, choice).await?;
    let slot = pick_slot(conn, choice).await?;
    sqlx::query!(
        "insert into key_companies (id, territory_siren, siren, siret, slot, is_group_site,
                                    referent_id, entered_on, entry_motive)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        id,
        choice.territory,
        siren,
        choice.siret,
        slot,
        is_group_site,
        choice.referent_id,
        choice.entered_on,
        choice.motive.trim()
    )
    .execute(&mut *conn)
    .await
    .map_err(of_constraint)?;
    let told = Told {
        kind: "chosen",
        to: Some(slot),
        referent_id: Some(choice.referent_id),
        motive: &choice.motive,
        ..Told::default()
    };
    tell(conn, by, id, told).await?;
    Ok(Entered { id, slot })
}

/// The territory's lock does not hold back another territory, nor a writer that forgot it: there
/// the schema has the last word.
fn of_constraint(error: sqlx::Error) -> Refusal {
    let constraint = error.as_database_error().and_then(|e| e.constraint());
    let is_held = matches!(
        constraint,
        Some(
            "key_companies_one_holder"
                | "key_companies_one_territory"
                | "key_companies_establishment_once"
                | "key_companies_once_in_territory"
        )
    );
    if is_held {
        Refusal::JustTaken
    } else {
        error.into()
    }
}

/// The establishment is active, and in the territory today.
async fn check_establishment(conn: &mut PgConnection, choice: &Choice) -> Done<()> {
    let is_open = sqlx::query_scalar!(
        r#"select e.active and c.active as "is_open!"
           from establishments e
           join companies c on c.siren = e.siren
           join current_memberships m on m.insee_code = e.insee_code
           where e.siret = $1 and m.territory_siren = $2"#,
        choice.siret,
        choice.territory
    )
    .fetch_optional(conn)
    .await?
    .ok_or(Refusal::NotInTerritory)?;
    if is_open {
        Ok(())
    } else {
        Err(Refusal::Closed)
    }
}

/// Whether the company enters as another site of a group, being key elsewhere already.
async fn check_not_key(conn: &mut PgConnection, choice: &Choice) -> Done<bool> {
    let held = sqlx::query!(
        "select k.territory_siren, k.siret, k.slot, t.short_name as name from key_companies k
         join territories t on t.siren = k.territory_siren
         where k.siren = left($1, 9) and k.exited_on is null",
        choice.siret
    )
    .fetch_all(conn)
    .await?;
    if let Some(here) = held
        .iter()
        .find(|held| held.territory_siren == choice.territory)
    {
        return Err(Refusal::KeyHere { slot: here.slot });
    }
    let same_site = held.iter().find(|held| held.siret == choice.siret);
    match same_site.or(held.first()) {
        Some(held) if same_site.is_some() || !choice.is_group_site => Err(Refusal::KeyElsewhere {
            territory: held.name.clone(),
            slot: held.slot,
        }),
        found => Ok(found.is_some()),
    }
}

/// The place asked for, or the first one that was free on the entry date.
pub(super) async fn pick_slot(conn: &mut PgConnection, choice: &Choice) -> Done<i16> {
    let places = sqlx::query!(
        r#"select s.slot::smallint as "slot!",
                  (select coalesce(c.name, '') from key_companies k
                   join companies c on c.siren = k.siren
                   where k.territory_siren = $1 and k.slot = s.slot and k.exited_on is null) as holder,
                  (select max(k.exited_on) from key_companies k
                   where k.territory_siren = $1 and k.slot = s.slot) as held_until
           from generate_series(1, 5) as s(slot) order by 1"#,
        choice.territory
    )
    .fetch_all(conn)
    .await?;
    if places.iter().all(|place| place.holder.is_some()) {
        return Err(Refusal::Full);
    }
    let wanted = places
        .iter()
        .filter(|place| choice.slot.is_none_or(|slot| slot == place.slot));
    let mut first_exit = None;
    for place in wanted {
        match (&place.holder, place.held_until) {
            (Some(holder), _) if choice.slot.is_some() => {
                return Err(Refusal::SlotTaken {
                    slot: place.slot,
                    holder: holder.clone(),
                });
            }
            (Some(_), _) => {}
            (None, Some(until)) if until > choice.entered_on => {
                first_exit = first_exit.into_iter().chain([until]).min();
            }
            (None, _) => return Ok(place.slot),
        }
    }
    Err(first_exit.map_or(Refusal::Stale, Refusal::HeldUntil))
}
