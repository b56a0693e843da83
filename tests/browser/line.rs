//! A line between browser and service that is cut at the worst moment.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// While it is cut, what is sent arrives, and what is answered does not come back.
pub struct Line {
    pub address: SocketAddr,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    is_cut: AtomicBool,
    lost: AtomicUsize,
}

impl Line {
    pub fn to(service: SocketAddr) -> Line {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its address");
        let state = Arc::new(State::default());
        let shared = state.clone();
        std::thread::spawn(move || {
            while let Ok((near, _)) = listener.accept() {
                let Ok(far) = TcpStream::connect(service) else { return };
                let (Ok(from), Ok(to)) = (near.try_clone(), far.try_clone()) else { return };
                std::thread::spawn(move || pass_on(from, to, || false));
                let state = shared.clone();
                std::thread::spawn(move || pass_on(far, near, || state.loses()));
            }
        });
        Line { address, state }
    }

    pub fn cut(&self) {
        self.state.is_cut.store(true, Ordering::SeqCst);
    }

    pub fn mend(&self) {
        self.state.is_cut.store(false, Ordering::SeqCst);
    }

    /// How many answers were lost.
    pub fn lost(&self) -> usize {
        self.state.lost.load(Ordering::SeqCst)
    }
}

impl State {
    fn loses(&self) -> bool {
        let is_cut = self.is_cut.load(Ordering::SeqCst);
        if is_cut {
            self.lost.fetch_add(1, Ordering::SeqCst);
        }
        is_cut
    }
}

fn pass_on(mut from: TcpStream, mut to: TcpStream, loses: impl Fn() -> bool) {
    let mut buffer = [0; 16 << 10];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        if loses() || to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
