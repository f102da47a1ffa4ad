//! Who is told.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::auth::Permission;
use crate::domain::Role;

/// Someone who may get a mail, with the rights of this moment.
#[derive(Debug, Clone)]
pub struct Reader {
    /// `users.id`
    pub id: Uuid,
    /// First and last name.
    pub name: String,
    /// Address.
    pub email: String,
    /// Role.
    pub role: Role,
    /// SIREN of the territories given to the person.
    pub territories: Vec<String>,
}

impl Reader {
    /// The territories that queries must stay within; `None` means all of them.
    pub fn scope(&self) -> Option<&[String]> {
        self.role
            .is_territorial()
            .then_some(self.territories.as_slice())
    }

    /// Whether the role holds the permission.
    pub fn may(&self, permission: Permission) -> bool {
        permission.is_granted_to(self.role)
    }
}

/// Active people among these.
pub async fn readers(conn: &mut PgConnection, ids: &[Uuid]) -> sqlx::Result<Vec<Reader>> {
    read(conn, ids, None).await
}

/// Whose calendar has the address of this hash, if they are active.
pub async fn reader_of_calendar(
    conn: &mut PgConnection,
    hash: &[u8],
) -> sqlx::Result<Option<Reader>> {
    Ok(read(conn, &[], Some(hash)).await?.pop())
}

async fn read(
    conn: &mut PgConnection,
    ids: &[Uuid],
    calendar: Option<&[u8]>,
) -> sqlx::Result<Vec<Reader>> {
    let rows = sqlx::query!(
        r#"select u.id, u.full_name, u.email, u.role,
                  array(select territory_siren from user_territories t where t.user_id = u.id)
                    as "territories!"
           from users u
           where u.status = 'active'
             and (u.id = any($1) or u.id = (select f.user_id from calendar_feeds f where f.token_hash = $2))
           order by u.id"#,
        ids,
        calendar,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(Reader {
                id: row.id,
                name: row.full_name,
                email: row.email,
                role: row.role.parse().ok()?,
                territories: row.territories,
            })
        })
        .collect())
}
