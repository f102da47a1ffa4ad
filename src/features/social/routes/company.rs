//! The reading of a company's social data.

use axum::extract::Path;
use sqlx::PgConnection;

use crate::auth::Permission::ViewSocial;
use crate::auth::audit::{self, Act};
use crate::domain::Siren;
use crate::features::companies::model::shown_name;
use crate::features::companies::queries::identity;
use crate::features::social::queries;
use crate::features::social::views::company::CompanyPage;
use crate::web::{Error, Result, Tx, Visit};

/// What is known of a company, for those who were named. The audit is written first: what could not
/// be told to it is not shown, and a refusal is told as well.
pub async fn show(visit: Visit, mut tx: Tx, Path(siren): Path<String>) -> Result<CompanyPage> {
    let siren = Siren::parse(&siren).map_err(|_| Error::NotFound)?;
    let siren = siren.as_str();
    let company = identity::company(&mut tx, None, siren).await?;
    let name = company
        .as_ref()
        .map(|company| shown_name(company.name.as_deref()).to_owned());
    let may_read = visit.may(ViewSocial);
    note(&mut tx, &visit, siren, name.as_deref(), may_read).await?;
    let facts = if may_read {
        queries::facts(&mut tx, siren, visit.today).await?
    } else {
        Vec::new()
    };
    tx.commit().await?;
    if !may_read {
        return Err(Error::Forbidden(ViewSocial));
    }
    let name = name.ok_or(Error::NotFound)?;
    Ok(CompanyPage::new(&visit, siren, &name, facts))
}

async fn note(
    conn: &mut PgConnection,
    visit: &Visit,
    siren: &str,
    name: Option<&str>,
    may_read: bool,
) -> Result<()> {
    let name = name.unwrap_or("une entreprise inconnue");
    let verb = if may_read {
        "social_read"
    } else {
        "social_refused"
    };
    let act = Act {
        verb,
        object: (queries::AUDITED, siren),
        label: name,
        details: None,
    };
    // Every reading is kept; a refusal may be asked for at will.
    if may_read {
        audit::record(conn, &visit.acting(), act).await?;
    } else {
        audit::record_rarely(conn, &visit.acting(), act).await?;
    }
    Ok(())
}
