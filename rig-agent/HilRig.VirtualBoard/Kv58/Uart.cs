namespace HilRig.VirtualBoard.Kv58;

/// <summary>One byte as the receiver met it.</summary>
/// <param name="Value">The eight bits.</param>
/// <param name="Time">When it ended, in board ticks.</param>
/// <param name="Baud">Rate of the sender; 0 if the line does not say.</param>
public readonly record struct ReceivedByte(byte Value, long Time, int Baud);

/// <summary>
/// The serial port: a pin while autobaud measures edges, then a UART with an 8-byte FIFO that the receive interrupt
/// empties into the firmware's 64-byte ring. With interrupts off or the core halted only the FIFO holds what arrives.
/// </summary>
public sealed class Uart
{
    public const uint Base = 0x4006A000;
    private const int FifoDepth = 8;
    private const int RingSize = 64;

    private readonly Queue<ReceivedByte> fifo = new(FifoDepth);
    private readonly ReceivedByte[] ring = new ReceivedByte[RingSize];
    private int head;
    private int tail;

    /// <summary>Where transmitted bytes go.</summary>
    public Action<ReadOnlyMemory<byte>>? Sent { get; set; }

    /// <summary>Rate the divider is set to; 0 while the pin is not a UART.</summary>
    public int Baud { get; private set; }

    /// <summary>The receive interrupt is taken when this is on and the core runs.</summary>
    public bool IsInterruptEnabled { get; set; }

    /// <summary>Bytes lost because nobody emptied the FIFO, or because their rate was not ours.</summary>
    public int Lost { get; private set; }

    public bool HasByte => head != tail;

    public void Reset()
    {
        fifo.Clear();
        head = tail = 0;
        Baud = 0;
        IsInterruptEnabled = true;
    }

    /// <summary>Turns the pin into a UART.</summary>
    public void Enable(int baud) => Baud = baud;

    /// <summary>Puts a byte into the ring as if it had been received.</summary>
    public void Inject(byte value, long now) => Push(new ReceivedByte(value, now, Baud));

    /// <summary>A byte arrives at the pin.</summary>
    public void Receive(ReceivedByte arrived, bool isCoreRunning)
    {
        if (Baud == 0)
        {
            // Edges on a pin: seen as they happen or not at all.
            if (isCoreRunning && IsInterruptEnabled)
                Push(arrived);
            else
                Lost++;
            return;
        }
        if (!CanRead(arrived.Baud) || fifo.Count == FifoDepth)
        {
            Lost++;
            return;
        }
        fifo.Enqueue(arrived);
        Service(isCoreRunning);
    }

    /// <summary>The receive interrupt, if it can be taken.</summary>
    public void Service(bool isCoreRunning)
    {
        while (isCoreRunning && IsInterruptEnabled && fifo.TryDequeue(out var next))
            Push(next);
    }

    public bool TryTake(out ReceivedByte taken)
    {
        taken = default;
        if (head == tail)
            return false;
        taken = ring[tail];
        tail = (tail + 1) % RingSize;
        return true;
    }

    public void Transmit(ReadOnlyMemory<byte> bytes) => Sent?.Invoke(bytes);

    /// <summary>S1 says that the transmitter is idle and whether a byte waits; the other registers read 0.</summary>
    public byte ReadRegister(uint offset) => offset == 4 ? (byte)(0xC0 | (fifo.Count > 0 ? 0x20 : 0)) : (byte)0;

    /// <summary>A UART follows about 4 % of difference; beyond that every byte is a framing error.</summary>
    public bool CanRead(int baud) => baud == 0 || Math.Abs(baud - Baud) <= Baud * 0.04;

    /// <summary>KBOOT's ring has no overflow check: the writer may overtake the reader (facts: kboot §1.3).</summary>
    private void Push(ReceivedByte arrived)
    {
        ring[head] = arrived;
        head = (head + 1) % RingSize;
    }
}
