//! The demonstration's companies, invented from a fixed seed and written as the files that the
//! imports read: the demonstration takes the same road as real data.
//!
//! Names begin with « EXEMPLE » and SIREN numbers with `0000`, which Insee never gives.

use std::fmt::Write as _;

use chrono::{Datelike, Months, NaiveDate};

use super::trades::{self, Trade};

/// A commune where an invented company may stand.
#[derive(Debug, Clone)]
pub struct Place {
    /// SIREN of its EPCI.
    pub territory: String,
    /// INSEE code.
    pub insee_code: String,
    /// Name.
    pub name: String,
    /// First postcode.
    pub postcode: String,
    /// Inhabitants: big communes get more companies.
    pub population: u32,
}

/// An establishment of the portfolio, as the rest of the demonstration needs it.
#[derive(Debug, Clone)]
pub struct Site {
    /// SIREN of its EPCI.
    pub territory: String,
    /// SIRET.
    pub siret: String,
    /// Jobs in the last month.
    pub jobs: u32,
    /// Whether it still works.
    pub active: bool,
    /// Rank among the sites of its territory, biggest first.
    pub trade: Trade,
}

/// Three files and what they hold.
#[derive(Debug)]
pub struct Portfolio {
    /// `StockUniteLegale`.
    pub legal_units: String,
    /// `StockEtablissement`.
    pub establishments: String,
    /// Headcounts by month.
    pub headcounts: String,
    /// The sites, by territory, biggest first.
    pub sites: Vec<Site>,
}

/// Months of headcounts behind today.
const MONTHS: u32 = 36;
/// Companies of a territory: one for this many inhabitants, within bounds.
const INHABITANTS_PER_COMPANY: u32 = 900;
const FEWEST: u32 = 14;
const MOST: u32 = 60;
/// First number of the invented SIREN numbers, clear of those of the published samples.
const FIRST_SIREN: u32 = 1_000;

/// Invents the portfolio of these communes as of `today`: the same communes and month always give
/// the same companies.
pub fn invent(places: &[Place], today: NaiveDate) -> Portfolio {
    let mut draw = Draw(0x5EED_0081);
    let mut files = Files::new(today);
    let mut territories: Vec<&str> = places
        .iter()
        .map(|place| place.territory.as_str())
        .collect();
    territories.sort_unstable();
    territories.dedup();
    for territory in territories {
        let here: Vec<&Place> = places.iter().filter(|p| p.territory == territory).collect();
        let trades = trades::of_territory(territory);
        let inhabitants: u32 = here.iter().map(|place| place.population).sum();
        let companies = (inhabitants / INHABITANTS_PER_COMPANY).clamp(FEWEST, MOST);
        for rank in 0..companies {
            let place = draw.weighted(&here);
            let trade = trades[rank as usize % trades.len()];
            files.company(&mut draw, place, trade, rank);
        }
    }
    files.finish()
}

/// A small linear congruential generator (Knuth, MMIX): reproducible, and that is all it is for.
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % u64::from(bound.max(1))) as u32
    }

    fn between(&mut self, (low, high): (u32, u32)) -> u32 {
        low + self.below(high - low + 1)
    }

    fn weighted<'a>(&mut self, places: &[&'a Place]) -> &'a Place {
        let weight = |place: &Place| place.population.isqrt() + 1;
        let total: u32 = places.iter().map(|place| weight(place)).sum();
        let mut left = self.below(total);
        for place in places {
            if left < weight(place) {
                return place;
            }
            left -= weight(place);
        }
        places[0]
    }
}

struct Files {
    today: NaiveDate,
    next_siren: u32,
    legal_units: String,
    establishments: String,
    headcounts: String,
    sites: Vec<Site>,
}

const STREETS: [&str; 6] = [
    "DE LA GARE",
    "DES TISSERANDS",
    "DU PASTEL",
    "DE L’ÉGLISE",
    "DES MÉTIERS",
    "DU VIEUX PONT",
];
const CITIES: [(&str, &str, &str); 3] = [
    ("75108", "75008", "PARIS 8"),
    ("31555", "31000", "TOULOUSE"),
    ("69383", "69003", "LYON 3EME"),
];

impl Files {
    fn new(today: NaiveDate) -> Self {
        Self {
            today,
            next_siren: FIRST_SIREN,
            legal_units: "siren,statutDiffusionUniteLegale,dateCreationUniteLegale,\
                trancheEffectifsUniteLegale,anneeEffectifsUniteLegale,categorieEntreprise,dateDebut,\
                etatAdministratifUniteLegale,nomUniteLegale,prenomUsuelUniteLegale,\
                denominationUniteLegale,categorieJuridiqueUniteLegale,\
                activitePrincipaleUniteLegale,nomenclatureActivitePrincipaleUniteLegale,\
                nicSiegeUniteLegale,caractereEmployeurUniteLegale,\
                activitePrincipaleNAF25UniteLegale\n"
                .to_owned(),
            establishments: "siren,nic,siret,statutDiffusionEtablissement,\
                dateCreationEtablissement,trancheEffectifsEtablissement,\
                anneeEffectifsEtablissement,etablissementSiege,numeroVoieEtablissement,\
                typeVoieEtablissement,libelleVoieEtablissement,codePostalEtablissement,\
                libelleCommuneEtablissement,codeCommuneEtablissement,dateDebut,\
                etatAdministratifEtablissement,activitePrincipaleEtablissement,\
                nomenclatureActivitePrincipaleEtablissement,caractereEmployeurEtablissement,\
                activitePrincipaleNAF25Etablissement\n"
                .to_owned(),
            headcounts: "siret;mois;effectif\n".to_owned(),
            sites: Vec::new(),
        }
    }

    fn company(&mut self, draw: &mut Draw, place: &Place, trade: Trade, rank: u32) {
        let siren = siren(self.next_siren);
        self.next_siren += 1;
        let name = format!("EXEMPLE {} {}", trade.words, capitals(&place.name));
        let jobs = draw.between(trade.jobs);
        let is_closed = rank > 4 && draw.below(23) == 0;
        let is_masked = jobs < 8 && draw.below(12) == 0;
        let is_remote = jobs > 40 && draw.below(4) == 0;
        let created = self.date_before(draw, 2 * 365, 45 * 365);
        let ceased = self.date_before(draw, 20, 400);
        let since = if is_closed { ceased } else { created };
        self.legal_unit(
            &siren,
            &name,
            trade,
            jobs,
            (created, since, is_closed, is_masked),
            is_remote,
        );
        let site = siret(&siren, if is_remote { 2 } else { 1 });
        if is_remote {
            let (code, postcode, city) = CITIES[draw.below(3) as usize];
            let seat = siret(&siren, 1);
            let line = [code, postcode, city];
            self.establishment(
                &seat,
                trade,
                6,
                line,
                (created, created),
                "A",
                "O",
                true,
                "12",
            );
        }
        let line = [
            place.insee_code.as_str(),
            place.postcode.as_str(),
            &capitals(&place.name),
        ];
        let number = (1 + draw.below(98)).to_string();
        let state = if is_closed { "F" } else { "A" };
        let diffusion = if is_masked { "P" } else { "O" };
        self.establishment(
            &site,
            trade,
            jobs,
            line,
            (created, since),
            state,
            diffusion,
            !is_remote,
            &number,
        );
        let last = self.monthly(draw, &site, jobs, is_closed.then_some(ceased));
        self.sites.push(Site {
            territory: place.territory.clone(),
            siret: site,
            jobs: last,
            active: !is_closed,
            trade,
        });
    }

    fn legal_unit(
        &mut self,
        siren: &str,
        name: &str,
        trade: Trade,
        jobs: u32,
        (created, since, is_closed, is_masked): (NaiveDate, NaiveDate, bool, bool),
        is_remote: bool,
    ) {
        let (diffusion, state) = (
            if is_masked { "P" } else { "O" },
            if is_closed { "C" } else { "A" },
        );
        let (category, size) = match jobs {
            250.. => ("5599", "ETI"),
            40.. if is_remote => ("5599", "ETI"),
            20.. => ("5710", "PME"),
            _ => ("5499", "PME"),
        };
        let year = self.today.year() - 2;
        let nic = &siret(siren, 1)[9..];
        let _ = writeln!(
            self.legal_units,
            "{siren},{diffusion},{created},{},{year},{size},{since},{state},,,{name},{category},{},NAFRev2,{nic},O,{}",
            band(jobs),
            trade.naf,
            trade.naf_2025,
        );
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one line of a file, one argument a group of columns"
    )]
    fn establishment(
        &mut self,
        siret: &str,
        trade: Trade,
        jobs: u32,
        [code, postcode, city]: [&str; 3],
        (created, since): (NaiveDate, NaiveDate),
        state: &str,
        diffusion: &str,
        is_seat: bool,
        number: &str,
    ) {
        let (siren, nic) = siret.split_at(9);
        let year = self.today.year() - 2;
        let street = STREETS[number.len() * 2 % STREETS.len()];
        let address = if diffusion == "P" {
            "[ND],[ND],[ND],[ND]".to_owned()
        } else {
            format!("{number},RUE,{street},{postcode}")
        };
        let _ = writeln!(
            self.establishments,
            "{siren},{nic},{siret},{diffusion},{created},{},{year},{is_seat},{address},{city},{code},{since},{state},{},NAFRev2,O,{}",
            band(jobs),
            trade.naf,
            trade.naf_2025,
        );
    }

    /// Writes the months of one site and gives the last headcount. A third of the sites grow, a
    /// third hold, a third shrink.
    fn monthly(
        &mut self,
        draw: &mut Draw,
        siret: &str,
        jobs: u32,
        until: Option<NaiveDate>,
    ) -> u32 {
        let tendency = f64::from(draw.below(3)) - 1.0 + (f64::from(draw.below(100)) - 50.0) / 200.0;
        let first = self
            .today
            .with_day(1)
            .and_then(|day| day.checked_sub_months(Months::new(MONTHS)));
        let first = first.unwrap_or(self.today);
        let mut last = jobs;
        for month in 0..MONTHS - 1 {
            let period = first + Months::new(month);
            if until.is_some_and(|until| period > until) {
                break;
            }
            let drift = 1.0 + tendency * 0.25 * f64::from(month) / f64::from(MONTHS);
            let noise = (f64::from(draw.below(100)) - 50.0) / 50.0 * f64::from(jobs).sqrt() / 4.0;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a headcount"
            )]
            {
                last = (f64::from(jobs) * drift + noise).round().max(1.0) as u32;
            }
            let _ = writeln!(self.headcounts, "{siret};{};{last}", period.format("%Y-%m"));
        }
        last
    }

    fn date_before(&self, draw: &mut Draw, fewest_days: u32, most_days: u32) -> NaiveDate {
        let days = draw.between((fewest_days, most_days));
        self.today - chrono::TimeDelta::days(i64::from(days))
    }

    fn finish(mut self) -> Portfolio {
        self.sites
            .sort_by(|a, b| a.territory.cmp(&b.territory).then(b.jobs.cmp(&a.jobs)));
        Portfolio {
            legal_units: self.legal_units,
            establishments: self.establishments,
            headcounts: self.headcounts,
            sites: self.sites,
        }
    }
}

/// `0000`, four digits and Luhn's key.
fn siren(number: u32) -> String {
    with_key(&format!("{number:08}"))
}

/// The SIREN, an establishment number of four digits and Luhn's key.
fn siret(siren: &str, number: u32) -> String {
    with_key(&format!("{siren}{number:04}"))
}

fn with_key(digits: &str) -> String {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, byte)| {
            let digit = u32::from(byte - b'0');
            let weighted = if i % 2 == 0 { digit * 2 } else { digit };
            if weighted > 9 { weighted - 9 } else { weighted }
        })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

fn band(jobs: u32) -> &'static str {
    match jobs {
        0 => "00",
        1..=2 => "01",
        3..=5 => "02",
        6..=9 => "03",
        10..=19 => "11",
        20..=49 => "12",
        50..=99 => "21",
        100..=199 => "22",
        200..=249 => "31",
        _ => "32",
    }
}

fn capitals(name: &str) -> String {
    name.to_uppercase().replace('\'', "’")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Siren, Siret};

    fn places() -> Vec<Place> {
        let place = |territory: &str, insee: &str, name: &str, population| Place {
            territory: territory.into(),
            insee_code: insee.into(),
            name: name.into(),
            postcode: "81440".into(),
            population,
        };
        vec![
            place("200034056", "81139", "Lautrec", 1_800),
            place("248100737", "81004", "Albi", 51_290),
        ]
    }

    #[test]
    fn every_number_is_valid_invented_and_drawn_once() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let portfolio = invent(&places(), today);
        let mut seen: Vec<&str> = portfolio
            .sites
            .iter()
            .map(|site| site.siret.as_str())
            .collect();
        assert_eq!(seen.len(), (14 + 56) as usize);
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), portfolio.sites.len());
        for site in &portfolio.sites {
            assert!(site.siret.parse::<Siret>().is_ok(), "{}", site.siret);
            assert!(site.siret[..9].parse::<Siren>().is_ok());
            assert!(site.siret.starts_with("0000"));
        }
    }

    #[test]
    fn the_same_day_gives_the_same_companies() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let (one, two) = (invent(&places(), today), invent(&places(), today));
        assert_eq!(one.legal_units, two.legal_units);
        assert_eq!(one.headcounts, two.headcounts);
    }
}
