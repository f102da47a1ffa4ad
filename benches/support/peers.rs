//! What the same pages cost elsewhere, measured once on two cores over 10,000 companies and 50,000
//! exchanges, with eight clients: other people's programs, not ours under another load.

/// Program, page, median and 99th percentile of eight clients (ms), requests a second.
const PEERS: [(&str, &str, u16, u16, f32); 12] = [
    ("Django-CRM", "home dashboard", 610, 894, 12.0),
    ("Django-CRM", "list of 100, search", 4700, 7580, 1.2),
    ("Django-CRM", "company page", 1780, 2290, 4.2),
    ("Redmine", "territory report", 398, 631, 18.0),
    ("Redmine", "list of 100, search", 1540, 3240, 2.7),
    ("Redmine", "company page", 906, 1480, 6.8),
    ("bare Django", "dashboard", 136, 218, 58.0),
    ("bare Django", "list of 100, search", 225, 330, 35.0),
    ("bare Django", "company page", 30, 43, 266.0),
    ("bare axum", "dashboard", 37, 72, 214.0),
    ("bare axum", "list of 100, search", 99, 199, 78.0),
    ("bare axum", "company page", 3, 23, 2302.0),
];

/// Prints them under the table of the pages.
pub fn print() {
    println!("\npeers, 8 clients, 10,000 companies           p50   p99 ms   req/s");
    for (program, page, median, slowest, rate) in PEERS {
        println!("{program:<14} {page:<26} {median:>8} {slowest:>8} {rate:>7.1}");
    }
}
