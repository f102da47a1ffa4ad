//! The frame around every page: who is signed in, where one is, what just happened.
//!
//! Each page struct holds a [`Shell`] named `shell`; `templates/base.html` reads nothing else.

/// What `templates/base.html` needs. Build it in one place (`app.rs`) and let pages set `title` and `breadcrumb`.
#[derive(Debug, Clone, Default)]
pub struct Shell {
    /// Page title without the product's name; the same words as the `h1`, page number included for lists.
    pub title: String,
    /// Who is signed in; `None` on the sign-in pages.
    pub user: Option<ShellUser>,
    /// Main navigation, already filtered by what the user may open.
    pub nav: Vec<NavItem>,
    /// Message about the action that led here, shown once.
    pub flash: Option<Flash>,
    /// Path from the home page; the last one is the current page and has no link.
    pub breadcrumb: Vec<Crumb>,
    /// Name of the council, as in « Département du Tarn ».
    pub organisation: String,
    /// Whether the header offers the search field.
    pub search: bool,
    /// Whether a form of this page was refused: the title then begins with « Erreur ».
    pub has_errors: bool,
    /// Seconds before the session ends, when the page should warn about it (RGAA 13.1).
    pub session_ends_in: Option<u32>,
    /// Key of the form of this page: sent twice, the form is carried out once.
    pub form_key: String,
    /// State of conformity that law 2005-102 article 47 asks every page's footer to state.
    pub accessibility: Conformity,
}

impl Shell {
    /// A shell for a visitor who is not signed in.
    pub fn bare(organisation: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            organisation: organisation.into(),
            ..Self::default()
        }
    }

    /// Whether the header has anything to unfold.
    pub fn has_menu(&self) -> bool {
        self.search || self.user.is_some() || !self.nav.is_empty()
    }

    /// Sets the title of the page.
    #[must_use]
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Adds a step with a link to the breadcrumb.
    #[must_use]
    pub fn via(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.breadcrumb.push(Crumb {
            label: label.into(),
            href: Some(href.into()),
        });
        self
    }

    /// Lights the entry of the menu to which the page belongs, when its address lights none.
    #[must_use]
    pub fn within(mut self, href: &str) -> Self {
        if self.nav.iter().all(|item| !item.current) {
            for item in &mut self.nav {
                item.current = item.href == href;
            }
        }
        self
    }

    /// Ends the breadcrumb with the current page.
    #[must_use]
    pub fn at(mut self, label: impl Into<String>) -> Self {
        self.breadcrumb.push(Crumb {
            label: label.into(),
            href: None,
        });
        self
    }
}

/// The signed-in person, as the header shows them.
#[derive(Debug, Clone)]
pub struct ShellUser {
    /// First and last name.
    pub name: String,
    /// The role in French words.
    pub role_label: String,
    /// One or two capitals, see [`initials`].
    pub initials: String,
}

/// Key of one more form on a page that holds several: each is carried out once on its own.
pub fn fresh_key() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// First letters of the first and last words of a name, in capitals: « Anne-Marie de Lys » gives « AL ».
pub fn initials(name: &str) -> String {
    let mut words = name
        .split_whitespace()
        .filter_map(|word| word.chars().next())
        .filter(|first| first.is_alphabetic());
    let first = words.next();
    let last = words.next_back();
    first
        .into_iter()
        .chain(last)
        .flat_map(char::to_uppercase)
        .collect()
}

/// One entry of the main navigation.
#[derive(Debug, Clone)]
pub struct NavItem {
    /// Words of the link.
    pub label: String,
    /// Path of the page.
    pub href: String,
    /// Whether the current page belongs to this entry.
    pub current: bool,
}

/// One step of the breadcrumb.
#[derive(Debug, Clone)]
pub struct Crumb {
    /// Words of the step.
    pub label: String,
    /// Where it leads; `None` for the current page.
    pub href: Option<String>,
}

/// A message shown once, at the top of the page that follows an action.
#[derive(Debug, Clone)]
pub struct Flash {
    /// Success or error: decides the colour and how a screen reader announces it.
    pub kind: FlashKind,
    /// One or two French sentences.
    pub text: String,
}

/// How a [`Flash`] is announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlashKind {
    /// Something was done: announced politely.
    Success,
    /// Something was refused: announced at once.
    Error,
}

impl FlashKind {
    /// CSS class of the message.
    pub fn class(self) -> &'static str {
        match self {
            Self::Success => "succes",
            Self::Error => "alerte",
        }
    }

    /// ARIA role (RGAA 7.5).
    pub fn role(self) -> &'static str {
        match self {
            Self::Success => "status",
            Self::Error => "alert",
        }
    }
}

/// The three states that the RGAA allows one to declare. Without a valid audit only the default is true.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Conformity {
    /// No valid audit, or less than half of the criteria.
    #[default]
    None,
    /// At least half of the criteria.
    Partial,
    /// Every criterion.
    Full,
}

impl Conformity {
    /// The exact words of the mandatory mention.
    pub fn label(self) -> &'static str {
        match self {
            Self::None => "non conforme",
            Self::Partial => "partiellement conforme",
            Self::Full => "totalement conforme",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_take_the_first_and_last_words() {
        assert_eq!(initials("Anne-Marie de Lys"), "AL");
        assert_eq!(initials("élodie"), "É");
        assert_eq!(initials("Claire Fabre (démonstration)"), "CF");
        assert_eq!(initials("  "), "");
    }

    #[test]
    fn a_new_house_declares_no_conformity() {
        assert_eq!(Shell::default().accessibility.label(), "non conforme");
    }
}
