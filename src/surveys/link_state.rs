//! Whether a link takes answers.

use crate::clock::At;
use crate::store::types::text_enum;

text_enum! {
    /// Who may answer.
    pub enum Access {
        /// Everybody who has the link.
        Open = "open",
        /// Whoever has a code, once for each code.
        Codes = "codes",
    }
}

text_enum! {
    /// How far a link is, apart from its times.
    pub enum Stage {
        Open = "open",
        Closing = "closing",
        Closed = "closed",
    }
}

text_enum! {
    /// What a link is to whoever opens it now.
    pub enum LinkState {
        /// It opens later.
        Planned = "planned",
        /// It takes answers.
        Open = "open",
        /// It takes none any more, and its answers are being made ready. Where its time was up that
        /// is seen to once a minute.
        Closing = "closing",
        /// It takes none any more, and never will again.
        Closed = "closed",
    }
}

/// The state at a moment. When its time is up a link takes no answers, whether or not anybody has
/// come around to closing it.
pub fn state(stage: Stage, opens_at: Option<At>, closes_at: Option<At>, now: At) -> LinkState {
    match stage {
        Stage::Closed => LinkState::Closed,
        Stage::Closing => LinkState::Closing,
        Stage::Open if closes_at.is_some_and(|end| end <= now) => LinkState::Closing,
        Stage::Open if opens_at.is_some_and(|start| start > now) => LinkState::Planned,
        Stage::Open => LinkState::Open,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_takes_answers_from_its_first_moment_up_to_its_last() {
        let at = |seconds: i64| At::from_micros(seconds * 1_000_000).expect("a moment");
        let open = |now| state(Stage::Open, Some(at(10)), Some(at(20)), at(now));
        assert_eq!(open(9), LinkState::Planned);
        assert_eq!(open(10), LinkState::Open);
        assert_eq!(open(19), LinkState::Open);
        assert_eq!(open(20), LinkState::Closing);
        assert_eq!(state(Stage::Open, None, None, at(0)), LinkState::Open);
        assert_eq!(state(Stage::Closed, Some(at(10)), None, at(0)), LinkState::Closed);
        assert_eq!(state(Stage::Closing, None, Some(at(20)), at(0)), LinkState::Closing);
    }
}
