namespace HilRig.VirtualBoard;

/// <summary>What happened, in order and without wall time: the same seed and the same inputs give the same bytes.</summary>
/// <param name="writer">Owned by the caller.</param>
/// <param name="board">Name in front of every line.</param>
public sealed class BoardLog(TextWriter writer, string board)
{
    private long number;

    public void Write(string what)
    {
        lock (writer)
        {
            writer.Write(board);
            writer.Write(' ');
            writer.Write(++number);
            writer.Write(' ');
            writer.Write(what);
            writer.Write('\n');
        }
    }
}
