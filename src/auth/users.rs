//! The signed-in person, and accounts as other features need them.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::Role;

/// The person behind a request, read afresh from the database at each one: a right that is
/// removed stops working at the next click.
#[derive(Debug, Clone)]
pub struct CurrentUser {
    /// `users.id`
    pub id: Uuid,
    /// First and last name.
    pub name: String,
    /// Address of sign-in.
    pub email: String,
    /// Role, which gives permissions.
    pub role: Role,
    /// `organisations.id`
    pub organisation_id: Uuid,
    /// Name of the organisation.
    pub organisation: String,
    /// SIREN of the territories given to the person.
    pub territories: Vec<String>,
    /// Whether an administrator gave this person, by name, the reading of social data, and that the
    /// right stands today.
    pub reads_social: bool,
    /// Whether the person asked that their first steps be shown no more.
    pub hides_guide: bool,
    /// The session of this request.
    pub session_id: Uuid,
}

impl CurrentUser {
    /// The territories that queries must stay within; `None` means all of them.
    pub fn scope(&self) -> Option<&[String]> {
        self.role
            .is_territorial()
            .then_some(self.territories.as_slice())
    }

    /// Whether the person may see this territory.
    pub fn sees(&self, territory_siren: &str) -> bool {
        self.scope()
            .is_none_or(|own| own.iter().any(|siren| siren == territory_siren))
    }

    /// Whether the person holds the permission: by their role, or by name.
    pub fn may(&self, permission: super::Permission) -> bool {
        match permission {
            super::Permission::ViewSocial => self.reads_social,
            other => other.is_granted_to(self.role),
        }
    }
}

/// A person that can be chosen as referent.
#[derive(Debug, Clone)]
pub struct StaffMember {
    /// `users.id`
    pub id: Uuid,
    /// First and last name.
    pub full_name: String,
}

/// Active staff, by name.
pub async fn active_staff(conn: &mut PgConnection) -> sqlx::Result<Vec<StaffMember>> {
    sqlx::query_as!(
        StaffMember,
        "select id, full_name from users where role = 'staff' and status = 'active'
         order by full_name"
    )
    .fetch_all(conn)
    .await
}
