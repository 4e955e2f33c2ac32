/** An attachment: calls back each time the element really is on a visible screen. */
export function whenSeen(tell: () => void): (element: Element) => () => void {
  return (element) => {
    const look = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting && document.visibilityState === "visible") tell();
    });
    const lookAgain = () => {
      look.unobserve(element);
      look.observe(element);
    };
    look.observe(element);
    document.addEventListener("visibilitychange", lookAgain);
    return () => {
      look.disconnect();
      document.removeEventListener("visibilitychange", lookAgain);
    };
  };
}
