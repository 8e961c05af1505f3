ALTER TABLE run ADD COLUMN protected_because TEXT; -- who and why; null where it may be deleted in its time
ALTER TABLE run ADD COLUMN trimmed_ns BIGINT;     -- when its events were deleted; summary, cycles and samples are left and cannot be computed again
