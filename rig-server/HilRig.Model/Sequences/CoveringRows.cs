namespace HilRig.Model.Sequences;

/// <summary>
/// Rows of choices, one per axis, in which all choices of any few axes meet. Greedy, as in AETG (Cohen et al. 1997): of
/// several rows that begin with a meeting that is still due, the one that brings about most others is taken. The same axes
/// give the same rows.
/// </summary>
internal static class CoveringRows
{
    private const int Candidates = 10;
    private const int MostMeetings = 20_000;

    /// <param name="sizes">Number of choices on each axis.</param>
    /// <param name="strength">How many axes must meet; all of them where there are no more.</param>
    /// <returns>Null where more than <paramref name="most"/> rows would be needed, or more meetings than anybody wants to wait for.</returns>
    public static IReadOnlyList<int[]>? Of(int[] sizes, int strength, int most)
    {
        strength = Math.Min(strength, sizes.Length);
        if (MeetingCount(sizes, strength) > MostMeetings)
            return null;
        var groups = Subsets(sizes.Length, strength).ToList();
        var due = groups.SelectMany(group => Meetings(group, sizes)).ToList();
        var open = due.ToHashSet(Meeting.Same);
        var random = new Random(1);
        var rows = new List<int[]>();
        foreach (var meeting in due.Where(open.Contains))
        {
            var row = Enumerable.Range(0, Candidates).Select(_ => Row(meeting, sizes, groups, open, random)).MaxBy(candidate => Met(candidate, groups, open))!;
            foreach (var group in groups)
                open.Remove(Meeting.In(row, group));
            rows.Add(row);
        }
        return rows.Count <= most ? rows : null;
    }

    /// <summary>Without making any: the sum over all groups of axes of the product of their sizes (an elementary symmetric polynomial).</summary>
    private static long MeetingCount(int[] sizes, int strength)
    {
        var sums = new long[strength + 1];
        sums[0] = 1;
        foreach (var size in sizes)
        {
            for (var order = strength; order > 0; order--)
                sums[order] = Math.Min(sums[order] + (sums[order - 1] * size), int.MaxValue);
        }
        return sums[strength];
    }

    private static int[] Row(Meeting start, int[] sizes, List<int[]> groups, HashSet<Meeting> open, Random random)
    {
        var row = Enumerable.Repeat(-1, sizes.Length).ToArray();
        for (var index = 0; index < start.Axes.Length; index++)
            row[start.Axes[index]] = start.Choices[index];
        var rest = Enumerable.Range(0, sizes.Length).Where(axis => row[axis] < 0).ToArray();
        SeededRandom.Shuffle(rest, random);
        foreach (var axis in rest)
        {
            var mine = groups.Where(group => group.Contains(axis) && group.All(other => other == axis || row[other] >= 0)).ToList();
            var choices = Enumerable.Range(0, sizes[axis]).ToArray();
            SeededRandom.Shuffle(choices, random);
            row[axis] = choices.MaxBy(choice =>
            {
                row[axis] = choice;
                return Met(row, mine, open);
            });
        }
        return row;
    }

    private static int Met(int[] row, List<int[]> groups, HashSet<Meeting> open) => groups.Count(group => open.Contains(Meeting.In(row, group)));

    private static IEnumerable<int[]> Subsets(int axes, int size, int from = 0) =>
        size == 0 ? [[]] : Enumerable.Range(from, Math.Max(0, axes - from)).SelectMany(axis => Subsets(axes, size - 1, axis + 1).Select(rest => (int[])[axis, .. rest]));

    private static IEnumerable<Meeting> Meetings(int[] group, int[] sizes)
    {
        IEnumerable<int[]> choices = [[]];
        foreach (var axis in group)
            choices = choices.SelectMany(before => Enumerable.Range(0, sizes[axis]).Select(choice => (int[])[.. before, choice]));
        return choices.Select(each => new Meeting(group, each));
    }

    /// <summary>Choices on a few axes that must stand in one row.</summary>
    private sealed record Meeting(int[] Axes, int[] Choices)
    {
        public static IEqualityComparer<Meeting> Same { get; } = EqualityComparer<Meeting>.Create(
            (one, other) => one!.Axes.SequenceEqual(other!.Axes) && one.Choices.SequenceEqual(other.Choices),
            meeting => meeting.Axes.Concat(meeting.Choices).Aggregate(17, HashCode.Combine));

        public static Meeting In(int[] row, int[] group) => new(group, [.. group.Select(axis => row[axis])]);
    }
}
