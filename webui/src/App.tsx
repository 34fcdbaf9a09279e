// App.tsx - puts the page together: top, way, the page that the address names, and what everybody must know.
import { useEffect } from "preact/hooks";
import { you } from "./box";
import { Banner, Note } from "./parts/Banner";
import { Nav } from "./parts/Nav";
import { Top } from "./parts/Top";
import { Mix } from "./pages/Mix";
import { route } from "./route";
import { others } from "./shelf";
import { words } from "./words";

export function App() {
  const { page } = route.value,
    Shown = page === "mix" ? Mix : others.value?.[page],
    w = words.value;
  useEffect(() => {
    document.title = `${w.pages[page]} · gigbox`;
    document.querySelector(".page")?.scrollTo(0, 0);
  }, [page, w]);
  if (you.value.role === "nobody") {
    location.replace("/pair");
    return null;
  }
  return (
    <>
      <Top title={w.pages[page]} />
      <Banner />
      <main class={`page page-${page}`} id="page" tabIndex={-1} aria-busy={!Shown}>
        {Shown && <Shown key={page} />}
      </main>
      <Nav />
      <Note />
    </>
  );
}
