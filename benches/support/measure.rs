//! A page asked for again and again on a number of connections.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::client::{Answer, Client};

/// Requests asked before the measure, so that connections, plans and caches are warm.
pub const WARM_UP: usize = 24;

/// When a measure ends.
#[derive(Clone, Copy)]
pub struct Bounds {
    /// Requests at most.
    pub requests: usize,
    /// Time at most.
    pub time: Duration,
}

/// What a measure found.
pub struct Measure {
    /// Requests answered per second.
    pub rate: f64,
    /// Requests answered.
    pub count: usize,
    /// Sorted times.
    times: Vec<Duration>,
    /// The last answer.
    pub answer: Answer,
}

impl Measure {
    /// The time that this share of the requests did not exceed, in milliseconds.
    pub fn quantile_ms(&self, share: f64) -> f64 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a place in a list of some thousands"
        )]
        let place = ((self.times.len() - 1) as f64 * share).round() as usize;
        self.times[place].as_secs_f64() * 1000.0
    }
}

/// Asks `request` on this many connections. Fails on any answer but 200.
pub async fn measure(
    address: SocketAddr,
    request: Vec<u8>,
    connections: usize,
    bounds: Bounds,
) -> io::Result<Measure> {
    let request = Arc::new(request);
    // Connections that the site keeps to its database open with the first requests.
    run(
        address,
        &request,
        connections,
        Bounds {
            requests: WARM_UP,
            ..bounds
        },
    )
    .await?;
    run(address, &request, connections, bounds).await
}

async fn run(
    address: SocketAddr,
    request: &Arc<Vec<u8>>,
    connections: usize,
    bounds: Bounds,
) -> io::Result<Measure> {
    let left = Arc::new(AtomicUsize::new(bounds.requests));
    let start = Instant::now();
    let mut visitors = tokio::task::JoinSet::new();
    for _ in 0..connections {
        let (request, left) = (Arc::clone(request), Arc::clone(&left));
        visitors.spawn(async move {
            let mut client = Client::connect(address).await?;
            let mut times = Vec::new();
            let mut last = None;
            while start.elapsed() < bounds.time && take(&left) {
                let sent = Instant::now();
                let answer = client.send(&request).await?;
                times.push(sent.elapsed());
                if answer.status != 200 {
                    return Err(io::Error::other(format!("answered {}", answer.status)));
                }
                last = Some(answer);
            }
            Ok((times, last))
        });
    }
    let mut times = Vec::new();
    let mut answer = None;
    while let Some(visitor) = visitors.join_next().await {
        let (its_times, its_answer) = visitor??;
        times.extend(its_times);
        answer = its_answer.or(answer);
    }
    let elapsed = start.elapsed().as_secs_f64();
    times.sort_unstable();
    let answer = answer.ok_or_else(|| io::Error::other("no answer in time"))?;
    let count = times.len();
    let rate = f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / elapsed;
    Ok(Measure {
        rate,
        count,
        times,
        answer,
    })
}

fn take(left: &AtomicUsize) -> bool {
    left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
        left.checked_sub(1)
    })
    .is_ok()
}
