//! A bounded room in which links wait side by side. In this instance's memory: several instances
//! on one PostgreSQL have a room each.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::error::{Error, Result};

/// Seconds after which who found no room may try again.
const RETRY: u64 = 1;

/// So many places there are for all, and a link may have as many of them as it leaves free: one
/// alone half, two a third each, so that whatever floods some of them leaves room for the next.
#[derive(Debug)]
pub struct Room {
    size: usize,
    taken: AtomicUsize,
}

/// How many places of a room one link has.
#[derive(Debug, Clone, Default)]
pub struct Share(Arc<AtomicUsize>);

/// One place, until it is dropped.
#[derive(Debug)]
pub struct Place {
    room: Arc<Room>,
    share: Share,
}

impl Room {
    pub fn new(size: usize) -> Arc<Room> {
        Arc::new(Room { size, taken: AtomicUsize::new(0) })
    }

    pub fn enter(self: &Arc<Self>, share: &Share) -> Result<Place> {
        let taken = self.taken.fetch_add(1, Ordering::Relaxed);
        let own = share.0.fetch_add(1, Ordering::Relaxed);
        let place = Place { room: self.clone(), share: share.clone() };
        if own < self.size.saturating_sub(taken) { Ok(place) } else { Err(Error::Busy(RETRY)) }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.room.taken.fetch_sub(1, Ordering::Relaxed);
        self.share.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(room: &Arc<Room>, share: &Share) -> Vec<Place> {
        std::iter::from_fn(|| room.enter(share).ok()).take(1_000).collect()
    }

    #[test]
    fn whoever_floods_leaves_room_for_the_others() {
        let room = Room::new(1_024);
        let first = Share::default();
        let flood = fill(&room, &first);
        assert_eq!(flood.len(), 512);
        let second = fill(&room, &Share::default());
        assert_eq!(second.len(), 256);
        // Under both floods a class of thirty gets in at once.
        assert!(fill(&room, &Share::default()).len() >= 30);
        drop(flood);
        drop(second);
        assert_eq!(fill(&room, &first).len(), 512, "a place that is left is free again");
    }
}
