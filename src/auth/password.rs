//! Passwords: what is accepted, and how they are kept (ANSSI PG-078, CNIL 2022-100, ASVS 6.2).

use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

/// Fewest characters.
pub const MINIMUM: usize = 14;
/// Most characters: all of them count, none is cut.
pub const MAXIMUM: usize = 128;
/// Words that an attacker of this service would try first.
const CONTEXT_WORDS: [&str; 10] = [
    "vigie",
    "tarn",
    "albi",
    "castres",
    "occitanie",
    "département",
    "departement",
    "cci",
    "cma",
    "conseil",
];

/// Why a password is refused; `message` says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refused {
    /// French sentence for the field.
    pub message: String,
}

/// Checks a new password against the rules. `about` holds the person's own words (name, address).
pub fn check(password: &str, about: &[&str]) -> Result<(), Refused> {
    let refuse = |message: &str| {
        Err(Refused {
            message: message.to_owned(),
        })
    };
    let length = password.chars().count();
    if length < MINIMUM {
        return refuse(
            "Choisissez au moins 14 caractères, par exemple quatre ou cinq mots sans lien entre eux.",
        );
    }
    if length > MAXIMUM {
        return refuse("Choisissez au plus 128 caractères.");
    }
    let words: Vec<&str> = CONTEXT_WORDS.iter().chain(about).copied().collect();
    if what_is_left(password, &words) < MINIMUM / 2 {
        return refuse(
            "Ce mot de passe reprend surtout votre nom ou celui du service\u{a0}: ajoutez des mots sans lien avec vous.",
        );
    }
    if zxcvbn::zxcvbn(password, &words).score() < zxcvbn::Score::Three {
        return refuse(
            "Ce mot de passe se devine trop facilement\u{a0}: ajoutez des mots sans lien entre eux, sans nom, lieu ni date.",
        );
    }
    Ok(())
}

/// Characters of the password that none of the words accounts for.
fn what_is_left(password: &str, words: &[&str]) -> usize {
    let mut left = password.to_lowercase();
    for word in words.iter().filter(|word| word.chars().count() >= 3) {
        left = left.replace(&word.to_lowercase(), "");
    }
    left.chars().count()
}

/// One hash at a time for each core: a burst of sign-ins cannot starve the other pages of memory
/// or processor (each takes 19 MiB and some 30 ms).
static HASHING: LazyLock<Semaphore> = LazyLock::new(|| {
    Semaphore::new(std::thread::available_parallelism().map_or(1, |cores| cores.get().div_ceil(2)))
});

/// Stands for the hash of an unknown account, so that the answer takes the same time.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now("personne n’a ce mot de passe"));

fn hash_now(password: &str) -> String {
    // Argon2id, 19 MiB, two passes, one lane: the crate's defaults, which are OWASP's.
    Argon2::default()
        .hash_password(password.as_bytes())
        .expect("hashing with fresh salt and default parameters cannot fail")
        .to_string()
}

fn verify_now(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| {
        Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok()
    })
}

async fn on_hashing_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let _turn = HASHING
        .acquire()
        .await
        .expect("the semaphore is never closed");
    tokio::task::spawn_blocking(work)
        .await
        .expect("hashing does not panic")
}

/// The hash to store.
pub async fn hash(password: String) -> String {
    on_hashing_thread(move || hash_now(&password)).await
}

/// Whether the password is the one of `hash`; without a hash, the same work is done in vain.
pub async fn verify(password: String, hash: Option<String>) -> bool {
    on_hashing_thread(move || {
        if let Some(hash) = hash {
            verify_now(&password, &hash)
        } else {
            verify_now(&password, &NOBODY);
            false
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_and_guessability_decide_not_classes_of_characters() {
        assert!(check("cheval agrafe pile correcte", &[]).is_ok());
        assert!(check("court", &[]).is_err());
        assert!(check("aaaaaaaaaaaaaaaaaaaa", &[]).is_err());
        assert!(check("motdepasse12345", &[]).is_err());
        assert!(check("clémence.duval81", &["clémence", "duval"]).is_err());
        assert!(check(&"é".repeat(129), &[]).is_err());
    }

    #[tokio::test]
    async fn a_hash_opens_to_its_password_only() {
        let long = "é€😀 ".repeat(32);
        let stored = hash(long.clone()).await;
        assert!(
            stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{stored}"
        );
        assert!(verify(long.clone(), Some(stored.clone())).await);
        assert!(
            !verify(long[..long.len() - 1].to_owned(), Some(stored)).await,
            "no truncation"
        );
        assert!(!verify(long, None).await);
    }
}
