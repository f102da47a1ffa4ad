//! How to reach people: telephone numbers and mail addresses as they are kept.

use super::text;

/// A telephone number, normalised: ten digits for a French one (`0563000000`), `+` and digits for a
/// foreign one. `None` when it is neither.
pub fn phone(text: &str) -> Option<String> {
    let text = text.trim();
    if text
        .chars()
        .any(|c| !c.is_ascii_digit() && !is_phone_separator(c))
    {
        return None;
    }
    // « +33 (0)5 63… » writes the national zero that the international form leaves out.
    let without_zero = text.replace("(0)", "");
    let is_international = without_zero.starts_with('+');
    let digits: String = without_zero.chars().filter(char::is_ascii_digit).collect();
    let international = if is_international {
        Some(digits.as_str())
    } else {
        digits.strip_prefix("00")
    };
    match international {
        None => is_national(&digits).then_some(digits),
        Some(number) => match number.strip_prefix("33") {
            Some(rest) => {
                let national = format!("0{}", rest.trim_start_matches('0'));
                is_national(&national).then_some(national)
            }
            None => ((8..=15).contains(&number.len()) && !number.starts_with('0'))
                .then(|| format!("+{number}")),
        },
    }
}

fn is_phone_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '+' | '.' | '-' | '(' | ')' | '/')
}

fn is_national(digits: &str) -> bool {
    digits.len() == 10 && digits.starts_with('0') && !digits.starts_with("00")
}

/// Whether a text has the shape of a mail address: one `@`, a dotted domain, no space, and nothing
/// that would end the address inside a `mailto:` link.
pub fn is_email(address: &str) -> bool {
    let Some((local, domain)) = address.split_once('@') else {
        return false;
    };
    !local.is_empty()
        && domain.contains('.')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && !domain.contains('@')
        && !address.chars().any(|c| {
            c.is_whitespace() || text::is_invisible(c) || "<>()[]{},;:\"?&%#=/\\|^`".contains(c)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn french_numbers_are_kept_as_ten_digits() {
        for typed in [
            "0563000000",
            "05 63 00 00 00",
            "05.63.00.00.00",
            "+33 5 63 00 00 00",
            "+33 (0)5 63 00 00 00",
            "0033563000000",
            "05\u{a0}63\u{a0}00\u{a0}00\u{a0}00",
        ] {
            assert_eq!(phone(typed).as_deref(), Some("0563000000"), "{typed}");
        }
    }

    #[test]
    fn foreign_numbers_keep_their_country_and_the_rest_is_refused() {
        assert_eq!(phone("+34 912 345 678").as_deref(), Some("+34912345678"));
        for typed in [
            "563000000",
            "05 63",
            "0000000000",
            "appeler Paul",
            "05 63 00 00 00 p. 12",
            "+",
        ] {
            assert_eq!(phone(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_mail_address_has_a_name_and_a_dotted_domain() {
        assert!(is_email("c.martin@exemple.fr"));
        for bad in [
            "c.martin",
            "@exemple.fr",
            "a@b",
            "a@b@c.fr",
            "a b@c.fr",
            "a@.fr",
            "a@c.fr,",
            "a@c.fr?bcc=x@y.fr",
            "a@c.fr?subject=x",
            "a%0d@c.fr",
            "a&b@c.fr",
            "a#@c.fr",
            "a\u{202e}@c.fr",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }
}
