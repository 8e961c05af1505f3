using System.Buffers.Binary;
using HilRig.VirtualBoard.Kv58;

namespace HilRig.VirtualBoard;

/// <summary>
/// A board's flash in a file, written through with every operation, so that it survives the process as the chip's survives
/// the night: <code>000000 array  100000 program-once field  100040 erase count of each sector (u32)</code>
/// </summary>
public sealed class FlashFile : IDisposable
{
    private const int WearOffset = FlashArray.Size + 64;
    private const int FileSize = WearOffset + (4 * FlashArray.Sectors);

    private readonly FileStream file;
    private readonly Ftfe ftfe;
    private readonly byte[] buffer = new byte[FlashArray.SectorSize];

    private FlashFile(FileStream file, Ftfe ftfe)
    {
        this.file = file;
        this.ftfe = ftfe;
        ftfe.Array.Changed = Follow;
    }

    /// <summary>Opens the file of a board and loads it into the chip; false in <paramref name="existed"/> when it is new and holds what the chip holds.</summary>
    public static FlashFile Open(string folder, string board, Ftfe ftfe, out bool existed)
    {
        var path = Path.Combine(folder, $"{board}.flash");
        FileStream file;
        try
        {
            Directory.CreateDirectory(folder);
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--state {folder}: {path} cannot be opened ({error.Message.TrimEnd('.')}); choose a folder that may be written and that no other board uses");
        }
        existed = file.Length > 0;
        if (existed && file.Length != FileSize)
        {
            file.Dispose();
            throw new UsageException($"--state {folder}: {path} has {file.Length} bytes, a board's flash has {FileSize}; remove it to begin anew");
        }
        if (existed)
            Load(file, ftfe);
        var flash = new FlashFile(file, ftfe);
        if (!existed)
            flash.SaveAll();
        return flash;
    }

    public void Dispose()
    {
        ftfe.Array.Changed = null;
        file.Dispose();
    }

    private static void Load(FileStream file, Ftfe ftfe)
    {
        var all = new byte[FileSize];
        file.ReadExactly(all);
        ftfe.Array.Place(0, all.AsSpan(0, FlashArray.Size));
        all.AsSpan(FlashArray.Size, ftfe.Once.Length).CopyTo(ftfe.Once);
        for (var sector = 0; sector < FlashArray.Sectors; sector++)
            ftfe.Array.RestoreWear(sector, BinaryPrimitives.ReadInt32LittleEndian(all.AsSpan(WearOffset + (4 * sector))));
    }

    private void SaveAll()
    {
        file.SetLength(FileSize);
        for (var sector = 0; sector < FlashArray.Sectors; sector++)
            Follow(sector * FlashArray.SectorSize, FlashArray.SectorSize);
        Follow(FlashArray.Size, ftfe.Once.Length);
    }

    private void Follow(int offset, int length)
    {
        if (offset >= FlashArray.Size)
        {
            RandomAccess.Write(file.SafeFileHandle, ftfe.Once, FlashArray.Size);
            return;
        }
        for (var done = 0; done < length;)
        {
            var part = buffer.AsSpan(0, Math.Min(buffer.Length, length - done));
            for (var index = 0; index < part.Length; index++)
                part[index] = ftfe.Array.Stored(offset + done + index);
            RandomAccess.Write(file.SafeFileHandle, part, offset + done);
            done += part.Length;
        }
        SaveWear(offset, length);
    }

    private void SaveWear(int offset, int length)
    {
        Span<byte> count = stackalloc byte[4];
        for (var sector = offset / FlashArray.SectorSize; sector <= (offset + length - 1) / FlashArray.SectorSize; sector++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(count, ftfe.Array.Wear(sector));
            RandomAccess.Write(file.SafeFileHandle, count, WearOffset + (4 * sector));
        }
    }
}
