/** Everything under /settings, inside the frame. Uses the words of the area `settings`. */
export default function Settings() {
  return null;
}
