namespace HilRig.VirtualBoard.Kv58;

/// <summary>
/// The flash controller as a register file at 0x40020000: the bootloader drives it, and a debugger may as well.
/// <code>00 FSTAT  01 FCNFG  02 FSEC  03 FOPT  04..0F FCCOB3,2,1,0,7,6,5,4,B,A,9,8  10..13 FPROT3..0</code>
/// A command starts when FSTAT.CCIF is written 1 and takes its time whether or not the core runs.
/// </summary>
public sealed class Ftfe(FlashArray array, BoardClock clock, Random chance)
{
    public const uint Base = 0x40020000;
    public const int RegisterCount = 0x14;
    public const byte Ccif = 0x80, RdColErr = 0x40, AccErr = 0x20, FpViol = 0x10, MgStat0 = 0x01;

    /// <summary>Offset of the flash configuration field in the array.</summary>
    public const int ConfigurationField = 0x400;

    private const int Fstat = 0, Fcnfg = 1, Fsec = 2, Fopt = 3, Fprot3 = 0x10;
    private const byte RamReady = 0x02;

    private readonly byte[] registers = new byte[RegisterCount];
    private FlashOperation? operation;
    private long started;

    public FlashArray Array => array;

    /// <summary>The 4 KB programming RAM that a section is programmed from.</summary>
    public Ram FlexRam { get; } = new(0x18000000, 0x1000);

    /// <summary>The program-once field, 8 records of 8 bytes; never erased.</summary>
    public byte[] Once { get; } = CreateBlank(64);

    /// <summary>Told of each operation that changes the array as it is launched.</summary>
    public event Action<FlashOperation>? Launched;

    /// <summary>Told of each operation that ran to its end.</summary>
    public event Action<FlashOperation>? Completed;

    /// <summary>The flash clock's period over the nominal one; a fault's (F22).</summary>
    public double Slowness { get; set; } = 1;

    /// <summary>When the running command began.</summary>
    public long Started => started;

    /// <summary>When the running command ends; <see cref="BoardClock.Never"/> if none runs.</summary>
    public long Deadline { get; private set; } = BoardClock.Never;

    public bool IsBusy => Deadline != BoardClock.Never;

    public byte Status => registers[Fstat];

    public byte Security => registers[Fsec];

    /// <summary>FSEC.SEC: anything but binary 10 is secured.</summary>
    public bool IsSecured => (Security & 0x03) != 0x02;

    /// <summary>FSEC.MEEN: binary 10 disables mass erase.</summary>
    public bool IsMassEraseEnabled => (Security & 0x30) != 0x20;

    /// <summary>FSEC.KEYEN: binary 10 enables the backdoor key.</summary>
    public bool IsBackdoorEnabled => (Security & 0xC0) == 0x80;

    /// <summary>Protected 32 KB regions: a zero bit protects.</summary>
    public uint Protection => BitConverter.ToUInt32(registers, Fprot3);

    /// <summary>Cuts what runs and loads FSEC, FOPT and FPROT from the configuration field.</summary>
    public void Reset()
    {
        Cut();
        System.Array.Clear(registers);
        Span<byte> field = stackalloc byte[16];
        array.Read(ConfigurationField, field);
        field[8..12].CopyTo(registers.AsSpan(Fprot3));
        registers[Fsec] = field[12];
        registers[Fopt] = field[13];
        registers[Fcnfg] = RamReady;
        registers[Fstat] = Ccif;
    }

    /// <summary>The supply or the reset line goes: the running command stays where it is.</summary>
    public void Cut()
    {
        if (operation is { } torn)
            torn.Cut(array, Math.Clamp((double)(clock.Now - started) / Math.Max(1, Deadline - started), 0, 1), chance);
        operation = null;
        Deadline = BoardClock.Never;
    }

    /// <summary>Ends the running command if its time is over.</summary>
    public bool Advance(long now)
    {
        if (now < Deadline)
            return false;
        var done = operation;
        done?.Complete(array);
        operation = null;
        Deadline = BoardClock.Never;
        registers[Fstat] |= Ccif;
        if (done is not null)
            Completed?.Invoke(done);
        return true;
    }

    /// <summary>The MDM-AP's mass erase: everything, at once, and the chip is open.</summary>
    public void MassErase()
    {
        Cut();
        new FlashOperation("mass-erase", 0, FlashArray.Size, null) { OpensChip = true }.Complete(array);
        OpenSecurity();
        registers[Fstat] |= Ccif;
    }

    public byte Read(int offset) => registers[offset];

    public void Write(int offset, byte value)
    {
        switch (offset)
        {
            case Fstat:
                registers[Fstat] &= (byte)~(value & (RdColErr | AccErr | FpViol));
                if ((value & Ccif) != 0 && (registers[Fstat] & (Ccif | AccErr | FpViol)) == Ccif)
                    Launch();
                break;
            case Fcnfg:
                registers[Fcnfg] = (byte)((value & 0xE0) | RamReady);
                break;
            case >= 4 and < 0x10 when !IsBusy:
                registers[offset] = value;
                break;
            case >= Fprot3 when !IsBusy:
                // Protection can be added in normal mode, never taken away.
                registers[offset] &= value;
                break;
        }
    }

    /// <summary>A load met the array while a command worked on it: the data are void.</summary>
    public void ReportReadCollision() => registers[Fstat] |= RdColErr;

    /// <summary>Opens the chip until the next reset (backdoor key) or for good when the field in flash says so too.</summary>
    internal void OpenSecurity() => registers[Fsec] = (byte)((registers[Fsec] & ~0x03) | 0x02);

    /// <summary>Command byte or parameter <paramref name="index"/>, FCCOB0 to FCCOBB.</summary>
    internal byte Fccob(int index) => registers[FccobOffset(index)];

    internal void SetFccob(int index, byte value) => registers[FccobOffset(index)] = value;

    internal static int FccobOffset(int index) => 4 + (index & ~3) + (3 - (index & 3));

    /// <summary>Starts changing the array; takes <paramref name="nominal"/> at speed 1.</summary>
    internal void Begin(FlashOperation what, TimeSpan nominal)
    {
        operation = what;
        started = clock.Now;
        Deadline = started + clock.Scaled(nominal * Slowness);
        registers[Fstat] &= unchecked((byte)~Ccif);
        Launched?.Invoke(what);
    }

    private void Launch()
    {
        registers[Fstat] &= unchecked((byte)~MgStat0);
        // Not in one expression: the command itself may clear CCIF.
        var raised = FtfeCommands.Execute(this);
        registers[Fstat] |= raised;
    }

    private static byte[] CreateBlank(int size)
    {
        var blank = new byte[size];
        System.Array.Fill(blank, (byte)0xFF);
        return blank;
    }
}
