namespace HilRig.Bench.Chaos;

/// <summary>
/// What a board did laid beside what the history says of it, in order: the fewest commands are left over on either side. What is left over on both is in
/// another order; only on the board, lost; only in the history, doubled or made up.
/// </summary>
public sealed record Alignment(IReadOnlyList<(Claimed Claim, Commanded Command)> Pairs, IReadOnlyList<string> Lost, IReadOnlyList<string> Doubled, IReadOnlyList<string> Reordered)
{
    private enum Move : byte
    {
        Pair,
        SkipClaim,
        SkipCommand,
    }

    public static Alignment Of(IReadOnlyList<Claimed> claims, IReadOnlyList<Commanded> commands)
    {
        var moves = Moves(claims, commands);
        var pairs = new List<(Claimed, Commanded)>();
        var (onlyOnBoard, onlyInHistory) = (new List<Commanded>(), new List<Claimed>());
        for (var (claim, command) = (0, 0); claim < claims.Count || command < commands.Count;)
        {
            switch (moves[claim][command])
            {
                case Move.Pair:
                    pairs.Add((claims[claim++], commands[command++]));
                    break;
                case Move.SkipCommand:
                    onlyOnBoard.Add(commands[command++]);
                    break;
                default:
                    if (claims[claim++] is { IsCertain: true } certain)
                        onlyInHistory.Add(certain);
                    break;
            }
        }
        var reordered = new List<string>();
        foreach (var command in onlyOnBoard.ToList())
        {
            if (onlyInHistory.Find(claim => Fits(claim, command)) is not { } elsewhere)
                continue;
            onlyOnBoard.Remove(command);
            onlyInHistory.Remove(elsewhere);
            reordered.Add($"{elsewhere.RunId}: `{command.Text}` stands elsewhere in the history than the board did it");
        }
        return new Alignment(
            pairs,
            [.. onlyOnBoard.Select(command => $"the board did `{command.Text}` (status {command.Status?.ToString() ?? "none"}), and the history does not know of it")],
            [.. onlyInHistory.Select(claim => $"{claim.RunId}: `{claim.Text}` passed by the history, and the board did not do it again")],
            reordered);
    }

    /// <summary>A step that passed is a command that the board called done.</summary>
    private static bool Fits(Claimed claim, Commanded command) => claim.Text == command.Text && (!claim.IsCertain || command.Succeeded);

    /// <summary>The best move from each pair of positions, computed from the end; a claim that may not have come to pass costs nothing.</summary>
    private static Move[][] Moves(IReadOnlyList<Claimed> claims, IReadOnlyList<Commanded> commands)
    {
        var moves = new Move[claims.Count + 1][];
        var below = Enumerable.Range(0, commands.Count + 1).Select(command => commands.Count - command).ToArray();
        moves[claims.Count] = [.. Enumerable.Repeat(Move.SkipCommand, commands.Count + 1)];
        for (var claim = claims.Count - 1; claim >= 0; claim--)
        {
            var row = new int[commands.Count + 1];
            moves[claim] = new Move[commands.Count + 1];
            for (var command = commands.Count; command >= 0; command--)
            {
                var (cost, move) = (below[command] + (claims[claim].IsCertain ? 1 : 0), Move.SkipClaim);
                if (command < commands.Count && row[command + 1] + 1 < cost)
                    (cost, move) = (row[command + 1] + 1, Move.SkipCommand);
                if (command < commands.Count && Fits(claims[claim], commands[command]) && below[command + 1] <= cost)
                    (cost, move) = (below[command + 1], Move.Pair);
                (row[command], moves[claim][command]) = (cost, move);
            }
            below = row;
        }
        return moves;
    }
}
