//! Links between suppliers and customers, within the reader's scope.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::domain::supply::{Degree, Dependence};
use crate::features::companies::supply::SupplyLine;

/// A link that passed its form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLink {
    /// Whether the company supplies the other one, rather than buys from it.
    pub supplies: bool,
    /// What is supplied.
    pub goods: String,
    /// How much the supplier depends on this customer.
    pub supplier: Dependence,
    /// How much the customer depends on this supplier.
    pub customer: Dependence,
    /// Who says so: `supplier`, `customer` or `estimate`.
    pub basis: &'static str,
    /// When.
    pub said_on: NaiveDate,
    /// Since when the link is known.
    pub seen_since: Option<NaiveDate>,
}

/// An end of a link: a company of the base, or one that is known by its name alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Its SIREN.
    Known(String),
    /// Its name.
    Named(String),
}

impl End {
    fn siren(&self) -> Option<&str> {
        match self {
            Self::Known(siren) => Some(siren),
            Self::Named(_) => None,
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::Known(_) => "",
            Self::Named(name) => name,
        }
    }
}

/// Who writes.
#[derive(Debug, Clone, Copy)]
pub struct Author<'a> {
    /// Their account.
    pub id: Uuid,
    /// Their name.
    pub name: &'a str,
    /// Their organisation.
    pub organisation: Uuid,
    /// Whether they are of the council.
    pub council: bool,
}

/// A link of a company, current or ended, if it is one of its ends. The caller has found the company within
/// the scope.
pub async fn link(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
    siren: &str,
    id: Uuid,
) -> sqlx::Result<Option<SupplyLine>> {
    let lines = sqlx::query_scalar!(
        r#"select supply_lines(false, $1, $2, $3) as "lines!: Json<Vec<SupplyLine>>""#,
        scope,
        siren,
        id,
    )
    .fetch_one(conn)
    .await?;
    Ok(lines.0.into_iter().next())
}

/// Notes a link between a company and another one; an error of the constraint `supply_links_once_current` when
/// they have a current one this way.
pub async fn insert(
    conn: &mut PgConnection,
    (company, other): (&str, &End),
    new: &NewLink,
    by: Author<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<Uuid> {
    let own = End::Known(company.to_owned());
    let (supplier, customer) = if new.supplies {
        (&own, other)
    } else {
        (other, &own)
    };
    let id = Uuid::now_v7();
    sqlx::query!(
        "insert into supply_links (id, supplier_siren, supplier_name, customer_siren, customer_name, goods,
           supplier_dependence, supplier_share, customer_dependence, customer_share, basis, said_on, said_by,
           seen_since, author_id, author_name, written_by, by_council, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $13, $17, $18)",
        id,
        supplier.siren(),
        supplier.name(),
        customer.siren(),
        customer.name(),
        new.goods,
        new.supplier.degree.map(Degree::code),
        new.supplier.share,
        new.customer.degree.map(Degree::code),
        new.customer.share,
        new.basis,
        new.said_on,
        by.organisation,
        new.seen_since,
        by.id,
        by.name,
        by.council,
        now,
    )
    .execute(conn)
    .await?;
    Ok(id)
}

/// Changes what is said of a link; `false` when someone changed or ended it first. Its ends stay.
pub async fn update(
    conn: &mut PgConnection,
    (id, version): (Uuid, i32),
    new: &NewLink,
    said_by: Uuid,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update supply_links set goods = $3, supplier_dependence = $4, supplier_share = $5,
                customer_dependence = $6, customer_share = $7, basis = $8, said_on = $9, said_by = $10,
                seen_since = $11
         where id = $1 and version = $2 and ended_on is null",
        id,
        version,
        new.goods,
        new.supplier.degree.map(Degree::code),
        new.supplier.share,
        new.customer.degree.map(Degree::code),
        new.customer.share,
        new.basis,
        new.said_on,
        said_by,
        new.seen_since,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The end of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// The day.
    pub on: NaiveDate,
    /// Why.
    pub reason: String,
}

/// Ends a link; `false` when someone changed or ended it first.
pub async fn end(
    conn: &mut PgConnection,
    (id, version): (Uuid, i32),
    ending: &Ending,
    by: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update supply_links set ended_on = $3, ended_by = $4, end_reason = $5
         where id = $1 and version = $2 and ended_on is null",
        id,
        version,
        ending.on,
        by,
        ending.reason,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The last change of a link: who, when.
#[derive(Debug)]
pub struct LastChange {
    /// Name as the audit keeps it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Who changed a link last, and when.
pub async fn last_change(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<LastChange>> {
    sqlx::query_as!(
        LastChange,
        "select actor_name as by, at from audit_events
         where object_type = 'supply_links' and object_id = $1 order by id desc limit 1",
        id.to_string(),
    )
    .fetch_optional(conn)
    .await
}

/// What is at the other end of a current link of a company, and what it would lose with that company.
#[derive(Debug, Clone)]
pub struct DependentRow {
    /// Its SIREN; none when it is known by name alone.
    pub siren: Option<String>,
    /// Its name; none when masked, or when the reader may not see it.
    pub name: Option<String>,
    /// A company of the base out of the reader's territories: its jobs are not told either.
    pub is_elsewhere: bool,
    /// Whether it supplies the company, rather than buys from it.
    pub is_supplier: bool,
    /// Whether it holds a place.
    pub is_key: bool,
    /// Code of how much it depends on the company.
    pub degree: Option<String>,
    /// The part, in percent.
    pub share: Option<i16>,
    /// Who says so: `own`, `other` or `estimate`.
    pub basis: String,
    /// When.
    pub said_on: NaiveDate,
    /// Jobs counted in its open establishments of the territories.
    pub counted: Option<i64>,
    /// Jobs estimated from the band of those that nobody counted.
    pub estimated: Option<i64>,
    /// Of these establishments, those whose jobs are unknown; one when none is known.
    pub unknown: i64,
}

/// What is at the other end of every current link of a company, for who reads links; companies that ceased apart.
pub async fn dependents(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
    siren: &str,
) -> sqlx::Result<Vec<DependentRow>> {
    sqlx::query_as!(
        DependentRow,
        r#"select case when r.reads then b.other_siren end as siren,
                  case when b.other_siren is null then b.other_name when r.reads then b.registered end as name,
                  b.other_siren is not null and not r.reads as "is_elsewhere!",
                  not b.supplies as "is_supplier!", r.reads and b.other_is_key as "is_key!",
                  b.other_dependence as degree, b.other_share as share, b.basis as "basis!",
                  b.said_on as "said_on!", j.counted, j.estimated, j.unknown as "unknown!"
           from supply_board b
           cross join lateral (
             select b.other_siren is not null and reads_company($1, b.other_siren) as reads) r
           cross join lateral (
             select sum(w.headcount)::bigint as counted,
                    (sum(h.estimate) filter (where w.headcount is null))::bigint as estimated,
                    case when count(*) = 0 then 1
                         else count(*) filter (where coalesce(w.headcount, h.estimate) is null) end as unknown
             from establishments e
             join current_memberships m on m.insee_code = e.insee_code
             left join lateral (
               select headcount from headcounts where siret = e.siret
               order by period + case granularity when 'year' then interval '1 year'
                                                  else interval '1 month' end desc, granularity
               limit 1) w on true
             left join headcount_bands h on h.code = e.headcount_band
             where r.reads and e.siren = b.other_siren and e.active) j
           where b.siren = $2 and b.ended_on is null and b.other_is_active
           order by b.id"#,
        scope,
        siren,
    )
    .fetch_all(conn)
    .await
}
