using HilRig.Agent.Images;

namespace HilRig.Agent.Bootloader.Recipes;

/// <summary>A way of updating. Which one is used is itself a condition that a failure may depend on.</summary>
public interface IUpdateRecipe
{
    /// <summary>As a sequence names it, for example <c>kinetis-flash-tool</c>.</summary>
    string Name { get; }

    /// <summary>Erases and writes; the reset is the caller's. Failures are the client's exceptions and <see cref="ReadBackException"/>.</summary>
    Task RunAsync(BootloaderClient client, Image image, FlashMap map, CancellationToken cancellationToken);
}

/// <summary>The recipes by name.</summary>
public static class UpdateRecipes
{
    public static IReadOnlyList<IUpdateRecipe> All { get; } = [new KinetisFlashToolRecipe(), new BlhostRecipe(), new RigRecipe()];

    /// <summary>The recipe of that name, or null.</summary>
    public static IUpdateRecipe? Find(string name) => All.FirstOrDefault(recipe => recipe.Name == name);
}
