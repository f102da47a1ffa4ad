//! Who plays what: the companies to which something happens that size and chance alone would not show.
//! Each is named by its territory and its rank there, biggest first; the first ones hold a place.

use super::portfolio::Site;

/// A territory and a rank in it, both from 0.
pub type Part = (usize, usize);

/// Head of the demonstration's group, which files consolidated accounts.
pub const HEAD: Part = (8, 3);
/// The other members of the group, the second one in another territory.
pub const MEMBERS: [Part; 2] = [(8, 6), (11, 1)];
/// Seen with a grave and a notable signal.
pub const WATCHED: Part = (8, 2);
/// Seen with one grave signal.
pub const WORRYING: Part = (0, 2);
/// Seen with one notable signal, and no place.
pub const TALKED_OF: Part = (2, 7);
/// Raised by a person.
pub const RAISED: Part = (0, 5);
/// Lowered by a person.
pub const LOWERED: Part = (5, 2);

/// The active companies of each territory, biggest first.
pub struct Cast<'a>(Vec<Vec<&'a Site>>);

impl<'a> Cast<'a> {
    /// The companies of these sites.
    pub fn new(sites: &'a [Site]) -> Self {
        let mut territories: Vec<&str> = sites.iter().map(|site| site.territory.as_str()).collect();
        territories.dedup();
        let of = |territory: &str| {
            let mut own: Vec<&Site> = sites
                .iter()
                .filter(|site| site.territory == territory && site.active)
                .collect();
            own.sort_by_key(|site| std::cmp::Reverse(site.jobs));
            own
        };
        Self(
            territories
                .into_iter()
                .map(of)
                .filter(|own| !own.is_empty())
                .collect(),
        )
    }

    /// Every territory with its companies.
    pub fn territories(&self) -> &[Vec<&'a Site>] {
        &self.0
    }

    /// The company of a part; a smaller département plays it with fewer territories.
    pub fn site(&self, (territory, rank): Part) -> Option<&'a Site> {
        let own = self.0.get(territory % self.0.len().max(1))?;
        own.get(rank % own.len()).copied()
    }
}
