//! Columns of a table, found by name whatever their order, case, accents or separators.

use super::file_error::FileError;

/// A name reduced to what identifies it: small ASCII letters and digits.
///
/// `Code Commune`, `code_commune` and `CODECOMMUNE` are the same column.
pub fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for c in name.chars() {
        match plain(c) {
            Some(text) => folded.push_str(text),
            None if c.is_ascii_alphanumeric() => folded.push(c.to_ascii_lowercase()),
            None => {}
        }
    }
    folded
}

/// The French accented letters without their accents.
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'à' | 'â' | 'ä' | 'á' | 'ã' | 'À' | 'Â' | 'Ä' | 'Á' | 'Ã' => "a",
        'ç' | 'Ç' => "c",
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => "e",
        'î' | 'ï' | 'í' | 'Î' | 'Ï' | 'Í' => "i",
        'ñ' | 'Ñ' => "n",
        'ô' | 'ö' | 'ó' | 'õ' | 'Ô' | 'Ö' | 'Ó' | 'Õ' => "o",
        'ù' | 'û' | 'ü' | 'ú' | 'Ù' | 'Û' | 'Ü' | 'Ú' => "u",
        'ÿ' | 'Ÿ' => "y",
        'œ' | 'Œ' => "oe",
        'æ' | 'Æ' => "ae",
        _ => return None,
    })
}

/// The header of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    names: Vec<String>,
    folded: Vec<String>,
    used: Vec<bool>,
}

impl Header {
    /// Takes the names of the columns as written.
    pub fn new(names: &[String]) -> Self {
        let names: Vec<String> = names.iter().map(|n| n.trim().to_owned()).collect();
        let folded = names.iter().map(|n| fold(n)).collect();
        Self {
            used: vec![false; names.len()],
            names,
            folded,
        }
    }

    /// Number of columns.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// True without any column.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// All names, as written.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Name of a column as written, empty when there is none.
    pub fn name(&self, column: Option<usize>) -> &str {
        column
            .and_then(|c| self.names.get(c))
            .map_or("", String::as_str)
    }

    /// True when a column has one of these names.
    pub fn has(&self, aliases: &[&str]) -> bool {
        aliases
            .iter()
            .any(|alias| self.folded.contains(&fold(alias)))
    }

    /// Finds a column by the first of its possible names, and counts it as recognised.
    ///
    /// Two columns of the same name are refused: nothing tells which one is meant.
    pub fn find(&mut self, aliases: &[&str]) -> Result<Option<usize>, FileError> {
        for alias in aliases {
            let alias = fold(alias);
            let mut places = self
                .folded
                .iter()
                .enumerate()
                .filter(|(_, name)| **name == alias);
            if let Some((place, _)) = places.next() {
                if places.next().is_some() {
                    return Err(FileError::DuplicateColumn(self.names[place].clone()));
                }
                self.used[place] = true;
                return Ok(Some(place));
            }
        }
        Ok(None)
    }

    /// Whether a column counts as recognised.
    pub fn is_used(&self, column: usize) -> bool {
        self.used.get(column).copied().unwrap_or(false)
    }

    /// Counts a column as recognised.
    pub fn mark_used(&mut self, column: usize) {
        self.used[column] = true;
    }

    /// Columns that a reader uses, as written, in the order of the file.
    pub fn recognised(&self) -> Vec<String> {
        self.select(true)
    }

    /// Columns that nothing uses.
    pub fn ignored(&self) -> Vec<String> {
        self.select(false)
    }

    fn select(&self, used: bool) -> Vec<String> {
        let pairs = self.names.iter().zip(&self.used);
        pairs
            .filter(|(n, u)| **u == used && !n.is_empty())
            .map(|(n, _)| n.clone())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_name_whatever_the_writing() {
        let mut header = Header::new(&["  Code_Commune ".into(), "Effectif".into(), "Été".into()]);
        assert_eq!(header.find(&["codeCommune"]), Ok(Some(0)));
        assert_eq!(header.find(&["nom", "ETE"]), Ok(Some(2)));
        assert_eq!(header.find(&["siret"]), Ok(None));
        assert_eq!(header.recognised(), ["Code_Commune", "Été"]);
        assert_eq!(header.ignored(), ["Effectif"]);
    }

    #[test]
    fn a_column_named_twice_is_refused() {
        let mut header = Header::new(&["SIRET".into(), "siret".into()]);
        assert_eq!(
            header.find(&["siret"]),
            Err(FileError::DuplicateColumn("SIRET".into()))
        );
    }
}
