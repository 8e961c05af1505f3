using HilRig.Agent.Probe;
using HilRig.Agent.Serial;

namespace HilRig.Agent.Places;

/// <summary>One board wired to one serial port, one probe, one power switch.</summary>
/// <param name="Power">What switches the board's power; null where nothing does.</param>
/// <param name="Releases">Full path of the folder with bootloader releases that a sequence may install; null for none.</param>
public sealed record Place(
    string Name,
    BoardType Board,
    string SerialDevice,
    int Baud,
    SerialDriver SerialDriver,
    ProbeSettings Probe,
    PowerSetup? Power,
    BootloaderEntry Entry,
    string? Releases,
    IReadOnlyList<string> Tags)
{
    /// <summary>The tag of a place whose board stands in for all others when a failure is to be attributed.</summary>
    public const string ReferenceTag = "reference";

    /// <summary>The check that the place must pass; null where it need pass none.</summary>
    public HealthSetup? Health { get; init; }

    /// <summary>The release in <see cref="Releases"/> that brings a dead bootloader back; null where none may be installed for that.</summary>
    public string? KnownGood { get; init; }

    /// <summary>What its adapters hang on, together with those of its neighbours; null where nobody named it.</summary>
    public string? Hub { get; init; }

    public bool IsReference => Tags.Contains(ReferenceTag);
}

/// <summary>How the bootloader is reached on a board whose application runs.</summary>
public enum BootloaderEntry
{
    /// <summary>A ping inside the boot window after a reset.</summary>
    Window,

    /// <summary>The supply's digital port holds the boot pin low while the board resets.</summary>
    Pin,

    /// <summary>The application is told to start the bootloader by a line on its serial port.</summary>
    Application,
}
