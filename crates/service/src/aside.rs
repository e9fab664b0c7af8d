//! Long computations, on threads of their own: the end of the program does not wait for them.

use std::thread;

use tokio::sync::oneshot;

/// By how much the priority of computations that no customer waits for is lower, as `nice` counts: a busy server answers its customers first.
const LOWER: i32 = 10;

/// Runs a computation that no customer waits for; `None` if it panicked, or no thread could be had.
pub(crate) async fn compute<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    run_on_thread(move || {
        // On Linux, that of this thread alone. Where it is not allowed, it merely competes.
        let _ = rustix::process::nice(LOWER);
        work()
    })
    .await
}

/// Runs a computation that customers wait for; `None` as above.
pub(crate) async fn compute_soon<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    run_on_thread(work).await
}

async fn run_on_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (done, result) = oneshot::channel();
    let thread = thread::Builder::new().name("aside".to_owned()).spawn(move || drop(done.send(work())));
    if let Err(error) = thread {
        tracing::error!(error = %error, "there is no thread for a computation");
        return None;
    }
    result.await.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_has_a_lower_priority_and_a_panic_is_no_result() {
        let of_this_thread = || rustix::process::nice(0).unwrap();
        assert_eq!(compute(of_this_thread).await, Some((of_this_thread() + LOWER).min(19)));
        assert_eq!(compute_soon(of_this_thread).await, Some(of_this_thread()));
        assert_eq!(compute(|| -> i32 { panic!("broken") }).await, None);
    }
}
