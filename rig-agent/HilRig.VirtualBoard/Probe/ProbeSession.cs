using HilRig.VirtualBoard.Faults;

namespace HilRig.VirtualBoard.Probe;

/// <summary>One client's view of the probe: what it opened, connected and locked, and the answer to each of its requests.</summary>
internal sealed class ProbeSession(SharedProbe probe)
{
    private const uint ProtocolVersion = 1;
    private const uint LargestTransfer = 1 << 20;

    private static readonly string[] Capabilities = ["SWJ_SEQUENCE"];
    private static readonly string[] WireProtocols = ["DEFAULT", "SWD"];

    private readonly uint[] one = new uint[1];
    private uint[] block = [];
    private bool isConnected;
    private int locks;

    /// <returns>null, a flag, a number, a text, texts, or a block of words that is valid until the next request.</returns>
    /// <exception cref="ProbeRefusalException">The request fails; its status goes to the client.</exception>
    /// <exception cref="ProbeSilenceException">The request is never answered.</exception>
    /// <exception cref="OperationCanceledException">The board goes down while the client waits for the lock.</exception>
    public object? Answer(in ProbeRequest request, CancellationToken cancellationToken)
    {
        Suffer(request.Name);
        switch (request.Name)
        {
            case "lock": return Lock(cancellationToken);
            case "hello": return Hello(request.Word(0));
            case "readprop": return Property(request.Text(0));
            case "open" or "close" or "set_clock" or "flush" or "swj_sequence": return null;
            case "unlock": return Unlock();
            case "connect": return Connect();
            case "disconnect": return Disconnect();
            case "reset": probe.PulseReset(); return null;
            case "assert_reset": probe.DriveReset(request.Flag(0)); return null;
            case "is_reset_asserted": return probe.IsResetLow;
            case "read_dp": return probe.DebugPort.Read(request.Word(0));
            case "write_dp": probe.DebugPort.Write(request.Word(0), request.Word(1)); return null;
            case "read_ap": probe.DebugPort.ReadAccessPort(request.Word(0), one); return one[0];
            case "write_ap": probe.DebugPort.WriteAccessPort(request.Word(0), [request.Word(1)]); return null;
            case "read_ap_multiple": return ReadBlock(request.Word(0), request.Word(1));
            case "write_ap_multiple": probe.DebugPort.WriteAccessPort(request.Word(0), request.Words(1)); return null;
            case "get_memory_interface_for_ap": return null; // a handle would hide HPROT (facts: pyocd §2.3)
            default: throw new ProbeRefusalException(ProbeStatus.Error, "unknown request type");
        }
    }

    /// <summary>The client is gone: others may go on.</summary>
    public void End()
    {
        if (locks > 0) probe.Unlock();
        locks = 0;
        Disconnect();
    }

    private void Suffer(string request)
    {
        var use = request switch
        {
            "read_dp" or "write_dp" => ProbeUse.DebugPort,
            "read_ap" or "write_ap" or "read_ap_multiple" or "write_ap_multiple" => ProbeUse.AccessPort,
            _ => ProbeUse.Probe,
        };
        switch (probe.Faults.Strike(use))
        {
            case ProbeFaultKind.NoAck: throw ProbeRefusalException.NoAck();
            case ProbeFaultKind.Wait: throw ProbeRefusalException.Wait();
            case ProbeFaultKind.Hang: throw new ProbeSilenceException();
            case ProbeFaultKind.Unplug:
                probe.DriveReset(low: false);
                throw new ProbeRefusalException(ProbeStatus.ProbeDisconnected, "the probe is not plugged in");
        }
    }

    private static object? Hello(uint version) =>
        version == ProtocolVersion
            ? null
            : throw new ProbeRefusalException(ProbeStatus.Error, $"client requested unsupported protocol version {version} (expected {ProtocolVersion})");

    private object? Property(string property) => property switch
    {
        "vendor_name" => "HilRig",
        "product_name" or "description" => $"virtual probe of {probe.Name}",
        "unique_id" => probe.Name,
        "capabilities" => Capabilities,
        "supported_wire_protocols" => WireProtocols,
        "wire_protocol" => isConnected ? "SWD" : null,
        _ => throw new ProbeRefusalException(ProbeStatus.Error, $"unknown property name '{property}' requested"),
    };

    private object? Lock(CancellationToken cancellationToken)
    {
        if (locks == 0) probe.Lock(cancellationToken);
        locks++;
        return null;
    }

    private object? Unlock()
    {
        if (locks == 0) throw new ProbeRefusalException(ProbeStatus.Error, "unlock without lock");
        if (--locks == 0) probe.Unlock();
        return null;
    }

    private object? Connect()
    {
        if (!isConnected) probe.Connect();
        isConnected = true;
        return null;
    }

    private object? Disconnect()
    {
        if (isConnected) probe.Disconnect();
        isConnected = false;
        return null;
    }

    private ArraySegment<uint> ReadBlock(uint address, uint count)
    {
        if (count > LargestTransfer) throw new ProbeRefusalException(ProbeStatus.Error, $"a transfer of {count} words is more than {LargestTransfer}");
        if (block.Length < count) block = new uint[count];
        probe.DebugPort.ReadAccessPort(address, block.AsSpan(0, (int)count));
        return new ArraySegment<uint>(block, 0, (int)count);
    }
}
