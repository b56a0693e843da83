# Indicators, targets, values and progress.
problem-indicator-retired = The indicator is retired and takes no new targets or values.
problem-proposal-open = A proposed target waits for the secretariat already. It has to be decided or withdrawn first.
problem-already-decided = The proposal is decided already.
problem-proposer-only = Only who made the proposal may withdraw it.
problem-value-withdrawn = The value is withdrawn already.

fault-not-positive = The figure must be more than 0.
fault-too-much = The figure must be at most { $max }.
fault-negative = The figure can't be less than 0.
fault-below-minimum = The upper end can't be below the lower one, { $min }.
fault-too-many-decimals = At most { $max } decimals.
fault-parts-not-for-shape = Only a target of the shape at_least can be split by organisation.
fault-parts-do-not-add-up = The parts add up to { $sum } and not to { $minimum }.
fault-organisation-twice = “{ $value }” has a part already.
fault-planned-not-for-shape = A target of this shape has no planned profile.
fault-above-target = The plan can't be above the target, { $max }.
fault-dates-not-ascending = The date must be later than the one before it.
fault-figures-fall = The figure is what is reached so far, and can't be less than the one before it.
fault-shape-not-for-source = A target of this shape doesn't fit an indicator whose source is { $source }.
fault-no-counts-to-filter = An indicator whose source is { $source } takes no counts.
fault-not-posted-by-hand = The figure of an indicator whose source is { $source } isn't posted by hand.
fault-after-today = The date can't be after today, { $today }.
problem-indicator-has-past = What the indicator counts can be changed only on the day on which it was made: figures of the past would change. Retire it and make a new one.
fault-before-earlier-revision = An earlier revision holds from { $day }; this one must hold from that day or later.
fault-not-a-partner = “{ $value }” is neither the holder nor a partner of the project.

# Answers as a source.
fault-no-answers-to-take = Only an indicator with the source survey takes answers; this one has { $source }.
fault-measure-not-for-target = A share is held against a target in per cent, a count against one in numbers; the measure { $measure } doesn't fit the target.
