//! Answers kept in memory for as long as what they were read from has not changed.
//!
//! The caller says in which state the source is (a word that changes with it); an answer of another
//! state is forgotten. Whoever asks while an answer is being made waits for it.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

/// Answers kept at most; one more and all are made again.
const MOST: usize = 64;

type Answer = Arc<dyn Any + Send + Sync>;

/// Kept by the process; cheap to clone.
#[derive(Clone, Default)]
pub struct Memo(Arc<Mutex<HashMap<String, Kept>>>);

struct Kept {
    state: String,
    answer: Arc<OnceCell<Answer>>,
}

impl Memo {
    /// The answer to `question` in this state, made if it is not there. A failure is kept by nobody.
    pub async fn get<T, E, F>(&self, question: &str, state: &str, make: F) -> Result<Arc<T>, E>
    where
        T: Send + Sync + 'static,
        F: Future<Output = Result<T, E>>,
    {
        let cell = self.cell(question, state);
        let mut make = Some(make);
        let answer = cell
            .get_or_try_init(async || {
                let make = make.take().expect("an answer is made once");
                make.await.map(|answer| Arc::new(answer) as Answer)
            })
            .await?;
        let answer = Arc::clone(answer).downcast();
        Ok(answer.unwrap_or_else(|_| unreachable!("a question has answers of one type")))
    }

    fn cell(&self, question: &str, state: &str) -> Arc<OnceCell<Answer>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = kept.get(question).filter(|found| found.state == state) {
            return Arc::clone(&found.answer);
        }
        if kept.len() >= MOST && !kept.contains_key(question) {
            kept.clear();
        }
        let answer = Arc::default();
        let fresh = Kept {
            state: state.to_owned(),
            answer: Arc::clone(&answer),
        };
        kept.insert(question.to_owned(), fresh);
        answer
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    async fn ask(memo: &Memo, state: &str, made: &AtomicU32) -> u32 {
        let make = async { Ok::<u32, Infallible>(made.fetch_add(1, Ordering::SeqCst)) };
        *memo.get("question", state, make).await.expect("an answer")
    }

    #[tokio::test]
    async fn an_answer_holds_as_long_as_its_state() {
        let (memo, made) = (Memo::default(), AtomicU32::new(0));
        assert_eq!(ask(&memo, "one", &made).await, 0);
        assert_eq!(ask(&memo, "one", &made).await, 0);
        assert_eq!(ask(&memo, "two", &made).await, 1);
        assert_eq!(ask(&memo, "one", &made).await, 2);
    }

    #[tokio::test]
    async fn those_who_ask_at_once_share_one_answer() {
        let (memo, made) = (Memo::default(), AtomicU32::new(0));
        let slow = async {
            tokio::task::yield_now().await;
            Ok::<u32, Infallible>(made.fetch_add(1, Ordering::SeqCst))
        };
        let (first, second) =
            tokio::join!(memo.get("question", "one", slow), ask(&memo, "one", &made));
        assert_eq!((*first.expect("an answer"), second), (0, 0));
    }

    #[tokio::test]
    async fn a_failure_is_not_kept() {
        let (memo, made) = (Memo::default(), AtomicU32::new(0));
        let failed = memo
            .get::<u32, _, _>("question", "one", async { Err("down") })
            .await;
        assert_eq!(failed, Err("down"));
        assert_eq!(ask(&memo, "one", &made).await, 0);
    }

    #[tokio::test]
    async fn what_is_kept_has_a_bound() {
        let (memo, made) = (Memo::default(), AtomicU32::new(0));
        for number in 0..MOST * 2 {
            let make = async { Ok::<u32, Infallible>(made.fetch_add(1, Ordering::SeqCst)) };
            memo.get(&number.to_string(), "one", make)
                .await
                .expect("an answer");
        }
        assert!(memo.0.lock().expect("nobody panicked").len() <= MOST);
    }
}
